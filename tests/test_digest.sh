#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The same bytes, however a result is computed: by any number of threads, size of block, instruction set and
# pass, with the C library's other versions of functions, and, through golden_digests.txt, by every compiler.
#   test_digest.sh COMMAND [NAME...]          checks the cases of the table (all, or those named)
#   test_digest.sh COMMAND --few [NAME...]    the same, in few ways
#   test_digest.sh COMMAND --write [NAME...]  writes their digests into the table; the commit that changes one
#                                             says why
# A line of the table: name, what is done with it, scenario, digest, life digest, options of `run`. What is done:
# `ways` or `few_ways` of running it; `+7`: also its sevenths, whose life digests must add to its own. (A sample
# takes lineages by the bits of their numbers, so its tenths would be uneven: half of them empty.)
set -uo pipefail

tests=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
table=$tests/golden_digests.txt
command=$(realpath "$1") || exit 1
shift
writes=false few=false
case ${1-} in
    --write) writes=true; shift ;;
    --few) few=true; shift ;;
esac
names=("$@")
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
failures=0
n_runs=0
unset WHOLEPLACE_SIMD GLIBC_TUNABLES OMP_NUM_THREADS

fail() {
    echo "FAILED: $*"
    failures=$((failures + 1))
}

# run SCENARIO OPTION...: the digests in $digest and $life; empty where the run failed.
run() {
    local scenario=$1
    shift
    digest='' life=''
    n_runs=$((n_runs + 1))
    if ! "$command" run "$tests/$scenario" -o "$folder/result.nc" --force --quiet "$@" \
        >"$folder/out" 2>"$folder/err" </dev/null; then
        cat "$folder/err"
        return 1
    fi
    digest=$("$command" digest "$folder/result.nc") && life=$("$command" digest --life "$folder/result.nc")
}

# same WAY OPTION...: this way of running the case gives the table's digests.
same() {
    local way=$1
    shift
    run "$scenario" "${options[@]}" "$@" || { fail "$name, $way: the run failed"; return; }
    [ "$digest" = "$golden" ] || fail "$name, $way: digest $digest, not $golden"
    [ "$life" = "$golden_life" ] || fail "$name, $way: life digest $life, not $golden_life"
}

# Whether WHOLEPLACE_SIMD=$1 can be used here: the command says so itself.
has_simd() {
    WHOLEPLACE_SIMD=$1 "$command" run "$tests/../scenarios/first.yaml" -o "$folder/result.nc" --force --quiet \
        --lineages 1/20000 >"$folder/out" 2>"$folder/err" </dev/null && return
    grep -q "does not have the instruction set" "$folder/err" || { cat "$folder/err"; fail "WHOLEPLACE_SIMD=$1"; }
    return 1
}

# Hides the processor's AVX2 and FMA from the C library, which then takes other versions of exp, log, pow.
tunables=glibc.cpu.hwcaps=-AVX2,-FMA,-AVX512F
can_hide() {
    local before after
    before=$(ld.so --list-diagnostics 2>/dev/null | grep x86.cpu_features) || return 1
    after=$(GLIBC_TUNABLES=$tunables ld.so --list-diagnostics 2>/dev/null | grep x86.cpu_features)
    [ "$before" != "$after" ]
}

# 128-bit numbers as 32 hexadecimal digits: $sum becomes $sum + $1, mod 2^128.
add() {
    local carry=0 total='' i part
    for i in 24 16 8 0; do
        part=$((16#${sum:i:8} + 16#${1:i:8} + carry))
        carry=$((part >> 32))
        total=$(printf '%08x' $((part & 0xffffffff)))$total
    done
    sum=$total
}

# parts N: every N-th lineage, N times; the sum of their life digests is the life digest of all.
parts() {
    local k part
    sum=$(printf '%032d' 0)
    declare -A seen=()
    for ((k = 1; k <= $1; k++)); do
        run "$scenario" "${options[@]}" --lineages "$k/$1" || { fail "$name, part $k of $1: the run failed"; return; }
        part=$life
        [ "$part" != "$golden_life" ] && [ -z "${seen[$part]-}" ] || fail "$name: part $k of $1 is another part, or all"
        seen[$part]=1
        add "$part"
    done
    [ "$sum" = "$golden_life" ] || fail "$name: the life digests of $1 parts add to $sum, not to $golden_life"
}

# Each number of threads, size of block, pass, instruction set and C library, in few runs.
every_way() {
    local simd
    same "1 thread" --threads 1
    same "2 threads, blocks of 17" --threads 2 --block 17
    same "3 threads, blocks of 1" --threads 3 --block 1
    same "7 threads, blocks of 256" --threads 7 --block 256
    same "exact pass" --threads 1 --exact-pass
    same "3 threads, exact pass, blocks of 17" --threads 3 --exact-pass --block 17
    same "2 threads, arms in full" --threads 2 --full-arms
    same "arms in full, exact pass, blocks of 17" --threads 1 --full-arms --exact-pass --block 17
    for simd in "${simds[@]}"; do
        WHOLEPLACE_SIMD=$simd same "$simd" --threads 1
        WHOLEPLACE_SIMD=$simd same "$simd, blocks of 17" --threads 2 --block 17
    done
    $hides || return 0
    GLIBC_TUNABLES=$tunables WHOLEPLACE_SIMD=portable same "portable, without AVX2 and FMA in libc" --threads 2
}

# For what takes long to begin: what differs most.
few_ways() {
    same "2 threads" --threads 2
    same "2 threads, arms in full" --threads 2 --full-arms
    WHOLEPLACE_SIMD=portable same "portable, 7 threads, blocks of 17, exact pass" --threads 7 --block 17 --exact-pass
    $hides || return 0
    GLIBC_TUNABLES=$tunables same "1 thread, without AVX2 and FMA in libc" --threads 1
}

check_case() {
    local begun=$SECONDS
    if $writes; then
        run "$scenario" "${options[@]}" --threads 1 --full-arms --exact-pass --block 1 || { fail "$name: the run failed"; return; }
        golden=$digest golden_life=$life
        few_ways # what is written must be what it is in other ways too
        return
    fi
    if $few; then
        few_ways
        echo "$name: $((SECONDS - begun)) s"
        return
    fi
    case ${what%+*} in
        ways) every_way ;;
        few_ways) few_ways ;;
        *) fail "$name: '$what' is not known" ;;
    esac
    [ "$what" = "${what%+*}" ] || parts "${what#*+}"
    echo "$name: $((SECONDS - begun)) s"
}

is_asked() {
    [ ${#names[@]} -eq 0 ] && return
    local asked
    for asked in "${names[@]}"; do [ "$asked" = "$1" ] && return; done
    return 1
}

simds=()
for simd in portable avx2 avx512; do
    if has_simd $simd; then simds+=($simd); else echo "skipped: $simd, which this machine does not have"; fi
done
hides=false
if can_hide; then hides=true; else echo "skipped: hiding AVX2 and FMA from the C library, which cannot be done here"; fi

n_cases=0
while read -r name what scenario golden golden_life rest; do
    if [ -z "$name" ] || [ "${name:0:1}" = '#' ]; then
        echo "$name $what $scenario $golden $golden_life $rest" | sed 's/ *$//' >>"$folder/table"
        continue
    fi
    if is_asked "$name"; then
        n_cases=$((n_cases + 1))
        read -ra options <<<"$rest"
        check_case
    fi
    echo "$name $what $scenario $golden $golden_life${rest:+ $rest}" >>"$folder/table"
done <"$table"

[ $n_cases -gt 0 ] && [ $n_cases -ge ${#names[@]} ] || fail "no such case in $table: ${names[*]}"
if $writes && [ $failures -eq 0 ]; then
    cp "$folder/table" "$table"
fi
echo "$n_cases cases, $n_runs runs, instruction sets: ${simds[*]}; $failures failures"
[ $failures -eq 0 ]
