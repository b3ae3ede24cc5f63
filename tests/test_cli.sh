#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The command as a script sees it: exit codes, where output goes, what files stay.
# Usage: test_cli.sh COMMAND
set -u
command=$(realpath "$1") || exit 1
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
failures=0

# expect NAME WANTED_CODE WORDS ARGUMENTS…: runs it; WORDS must stand in stdout or stderr.
expect() {
    name=$1 wanted=$2 words=$3
    shift 3
    "$command" "$@" >"$folder/out" 2>"$folder/err" </dev/null
    code=$?
    if [ "$code" -ne "$wanted" ]; then
        echo "FAILED: $name: exit code $code, not $wanted"
        cat "$folder/err"
        failures=$((failures + 1))
    elif [ -n "$words" ] && ! cat "$folder/out" "$folder/err" | grep -qF -- "$words"; then
        echo "FAILED: $name: does not say '$words'"
        cat "$folder/out" "$folder/err"
        failures=$((failures + 1))
    fi
}

# must NAME TEST…: a condition of the shell.
must() {
    name=$1
    shift
    if ! "$@"; then
        echo "FAILED: $name"
        failures=$((failures + 1))
    fi
}

cat >"$folder/good.yaml" <<'END'
wholeplace: 1
title: A test of the command
clock: {start: 2012-04-01, years: 3}
population: {cohort: {households: 600, members: [{age: 75 years}]}}
person: {states: {hip: {levels: [sound, broken], at_start: sound}}}
processes:
  fall: {of: person, when: {hip: sound}, hazard: 0.2 per year, then: [{set: {hip: broken}}]}
interventions:
  safe_home: {of: person, offer: {at: {date: start}}, uptake: 60 %, lasts: for ever, changes: {fall: {multiply_hazard: [0.5]}}, unit_values: {visit: {per: start, amount: 150 GBP}}}
arms: {baseline: [], safer: [safe_home]}
outcomes: {falls: {events: fall}}
unit_values: {operation: {per: falls, amount: 9000 GBP}}
money: {discount: {GBP: 3.5 % per year}}
END
sed 's/0.2 per year/0.2/; s/of: person, when/off: person, when/' "$folder/good.yaml" >"$folder/bad.yaml"
cd "$folder" || exit 1
# Of each table with a column of programme costs, the rows add up to the last: services, programme, net, discounted.
cat >columns.awk <<'END'
/services +programme +net/ { for (k = 1; k <= 4; k++) sum[k] = 0; is_in = 1; n = 0; next }
is_in && NF == 0 { is_in = 0 }
is_in {
    gsub(/,/, "")
    line = substr($0, 41)
    m = split(line, cell, / +/)
    first = cell[1] == "" ? 2 : 1
    for (k = 0; k < 3; k++) value[k + 1] = cell[first + k]
    to = 0
    for (k = first; k <= m; k++) if (cell[k] == "to") to = k
    value[4] = cell[to + (cell[to + 2] == "*" ? 3 : 2)]
    if (value[1] + value[2] != value[3]) { print "across: " $0; bad = 1 }
    if ($1 == "All") {
        for (k = 1; k <= 4; k++) if ((sum[k] - value[k]) ^ 2 > 1e-6) { print "down " k ": " $0; bad = 1 }
        tables++
    } else {
        for (k = 1; k <= 4; k++) sum[k] += value[k]
    }
}
END { exit bad || tables < 3 }
END

expect "no command" 2 "Usage: wholeplace"
expect "help" 0 "Exit status" --help
must "its lines stand in columns" [ "$(grep -cE '^  [a-z]+ +[a-z]' out)" -eq "$(grep -cE '^  [a-z ]{11} [a-z]' out)" ]
expect "version" 0 "wholeplace 0." --version
expect "an unknown command" 2 "'rum' is not a command" rum
for subcommand in run check show summary export sensitivity solve validate calibrate digest; do
    expect "$subcommand --help" 0 "Exit status: 0 done" $subcommand --help
    expect "$subcommand without an argument" 2 "name a" $subcommand
    expect "$subcommand with an unknown option" 2 "unrecognized option" $subcommand --no-such-option x
    output=
    [ $subcommand = run ] && output="-o x.nc"
    [ $subcommand = export ] && output="-o tables"
    [ $subcommand = solve ] && output="--price operation"
    [ $subcommand = calibrate ] && output="-p rate -o fitted.yaml"
    # shellcheck disable=SC2086
    expect "$subcommand of what is not there" 2 "nowhere" $subcommand nowhere $output
done

expect "check" 0 "no errors" check good.yaml
must "check tells the size on stdout" grep -q "The result will hold 2 arms" out
must "check lists what has no source" grep -q "unit value operation" out
expect "check of a bad scenario" 2 "bad.yaml:" check bad.yaml
must "problems go to stderr" grep -q "bad.yaml:[0-9]*:[0-9]*: error: " err
must "nothing on stdout" [ ! -s out ]
must "all problems at once" [ "$(grep -c ': error: ' err)" -ge 2 ]
must "a caret under each" grep -q '\^' err
sed 's/uptake: 60 %/uptake: 60/' good.yaml >long_line.yaml
expect "an error in a long line" 2 "uptake is 60" check long_line.yaml
must "its excerpt is cut" [ "$(grep -A 2 'uptake is 60' err | awk 'length > 115' | wc -l)" -eq 0 ]
must "with the caret under the word" awk '/uptake is 60/ { is_next = 1; next } is_next == 1 { at = index($0, "60,"); gsub(/…/, ".") ; at = index($0, "60,"); is_next = 2; next }
    is_next == 2 { exit !(at > 0 && index($0, "^~") == at) }' err
expect "show" 0 "A test of the command" show good.yaml

expect "run without -o" 2 "-o RESULT" run good.yaml
expect "run of a bad scenario" 2 "error:" run bad.yaml -o r.nc
must "no result of a bad scenario" [ ! -e r.nc ]
expect "dry run" 0 "" run good.yaml --dry-run -o r.nc
must "a dry run writes nothing" [ ! -e r.nc ]
expect "run" 0 "digest" run good.yaml -o r.nc
must "the result is there" [ -s r.nc ]
must "progress is not on stdout" [ "$(grep -c 'person-years/s' out)" -eq 0 ]
expect "run over a result" 2 "exists already" run good.yaml -o r.nc
expect "run over a result by force" 0 "" run good.yaml -o r.nc --force --quiet
must "quiet is quiet" [ ! -s out -a ! -s err ]
cp good.yaml kept.yaml
expect "run over a scenario by force" 2 "is no result" run good.yaml -o kept.yaml --force
must "the scenario is kept" cmp -s good.yaml kept.yaml
mkdir folder
expect "run over a folder" 2 "is not a plain file" run good.yaml -o folder --force
expect "run to a file without a name" 2 "no name" run good.yaml -o ''
expect "run to no folder" 2 "cannot be written" run good.yaml -o nowhere/r.nc
expect "an arm that is not there" 2 "no arm 'safest'; did you mean 'safer'? There are: baseline, safer" run good.yaml -o x.nc --arms safest
expect "a share over 1" 2 "--sample: '1.5'" run good.yaml -o x.nc --sample 1.5
expect "a negative seed" 2 "--seed: '-1'" run good.yaml -o x.nc --seed=-1
expect "draws of nothing" 2 "--draws: '0'" run good.yaml -o x.nc --draws 0
expect "lineages in words" 2 "--lineages: 'some'" run good.yaml -o x.nc --lineages some
expect "lineages from beyond" 2 "--lineages: '11'" run good.yaml -o x.nc --lineages 11/10
must "wrong options leave nothing" [ ! -e x.nc ]

expect "digest" 0 "" digest r.nc
must "a digest is 64 digits" grep -qx '[0-9a-f]\{64\}' out
first=$(cat out)
for options in "--threads 1" "--threads 3" "--block 1" "--block 100" "--exact-pass"; do
    # shellcheck disable=SC2086
    expect "run $options" 0 "" run good.yaml -o x.nc --force -q $options
    expect "digest after $options" 0 "$first" digest x.nc
done
for simd in portable avx2; do
    WHOLEPLACE_SIMD=$simd "$command" run good.yaml -o x.nc --force -q >/dev/null 2>&1
    expect "digest with $simd" 0 "$first" digest x.nc
done
expect "another seed" 0 "" run good.yaml -o x.nc --force -q --seed 2
expect "its digest" 0 "" digest x.nc
must "differs" [ "$(cat out)" != "$first" ]
expect "every tenth" 0 "" run good.yaml -o x.nc --force -q --lineages 1/10
expect "life digest" 0 "" digest --life x.nc
must "a life digest is 32 digits" grep -qx '[0-9a-f]\{32\}' out
expect "run --json" 0 "\"digest\": \"$first\"" run good.yaml -o x.nc --force --json

expect "summary" 0 "What to decide" summary r.nc
must "by year" grep -q "^  2013 " out
must "says what the arm does" grep -q "^  Safer is expected to " out
must "with titles for names" grep -q "^  Safe home: visit " out
must "and the accounts apart" grep -q "Seen in the accounts" out
must "how to read it at the end" [ "$(grep -n 'How to read' out | cut -d: -f1)" -gt "$(grep -n 'What happens' out | cut -d: -f1)" ]
expect "summary --decision" 0 "saved so far" summary --decision r.nc
expect "text and JSON" 2 "decision is text" summary --decision --json r.nc
expect "spend that was not kept" 2 "spend_by_person" summary --spend r.nc
expect "spend in JSON" 2 "table of its own" summary --spend --json r.nc
expect "summary --json" 0 '"net_discounted"' summary --json r.nc
must "which is JSON, with figures for a decision" grep -q '"chance_of_saving_by_year"' out
expect "no other unit" 0 '"other_units": []' summary --json r.nc
sed 's/unit_values: {operation/unit_values: {pain: {per: falls, amount: -0.1 QALY}, operation/
     s/GBP: 3.5 % per year/GBP: 3.5 % per year, QALY: 1.5 % per year/' good.yaml >qaly.yaml
{ cat good.yaml; echo 'runs: {stop_when: {figure: {outcome: falls}, half_width: 1, at_most: 20 replicates}}'; } >stop.yaml
expect "a run that stops when it knows, or says so" 0 "for all 20 replicates and does NOT know" run stop.yaml -o stopped.nc --lineages 1/20
expect "and its summary" 0 "The run went on for all 20" summary stopped.nc
sed 's/money: {/money: {spend_by_person: all, /' good.yaml >spend.yaml
{ cat spend.yaml; echo 'runs: {stop_when: {figure: {spend_share_of_top: 5 %}, half_width: 0.01 %, at_most: 20 replicates}}'; } >stop.yaml
expect "a share is known to per cent, as it is asked for" 0 " %, and 0.01 was wanted; about " run stop.yaml -o stopped.nc --lineages 1/20 --force
expect "run that keeps spend" 0 "" run spend.yaml -o s.nc -q
expect "spend by year" 0 "share of the top 1, 5, 20 %" summary --spend s.nc
must "of each arm and year, and of all years" [ "$(grep -c '^    [2a]' out)" -ge 8 ]
sed 's/amount: 9000 GBP/amount: 9000 GBP, paid_by: {nhs: 1}/; s/money: {/money: {payers: {nhs: {tier: central}}, /' \
    qaly.yaml >household.yaml
echo 'report: {saving_by: [household]}' >>household.yaml
expect "run that tells members of families apart" 0 "" run household.yaml -o h.nc -q
expect "who in the family gains" 0 "Who in the family gains" summary h.nc
must "in both units" [ "$(grep -c '^  Who is in a programme ' out)" -eq 2 ]
expect "the same as JSON" 0 '"side": "own"' summary --json h.nc
if command -v python3 >/dev/null; then must "whose sides add to the saving" python3 - out <<'END'
import json, math, sys
for arm in json.load(open(sys.argv[1]))["arms"]:
    sides = [s["net_discounted"]["mean"] for s in arm["by_household"]] + [arm["of_no_household"]["mean"]]
    assert math.isclose(sum(sides), arm["total"]["net_discounted"]["mean"], rel_tol=1e-6), arm["arm"]
    assert all(s["people"] >= 0 for s in arm["by_household"]) and arm["by_household"][0]["people"] > 0
    for unit in arm["other_units"]:
        gained = sum(s["gained_discounted"]["mean"] for s in unit["by_household"])
        assert math.isclose(gained, unit["gained_discounted"]["mean"], rel_tol=1e-6), unit["unit"]
END
fi
expect "who pays for whom" 0 "Who pays for whom in the family" summary --decision h.nc
must "with payers in rows" grep -q '^  nhs  ' out
must "and who pays not stated" grep -q '^  Payer not stated ' out
expect "and as a table" 0 "" export h.nc -o h_tables
must "of each valuation and side" grep -q '^safer,1,1,all GBP,others,' h_tables/household.csv
expect "run with another unit" 0 "" run qaly.yaml -o q.nc -q
expect "its summary" 0 "QALY, all years" summary q.nc
must "in the headline too" grep -q "^  It gains .* QALY (95 %: " out
expect "what a QALY costs" 0 "What one more QALY costs" summary --decision q.nc
expect "its summary again" 0 "QALY" summary q.nc
must "by year in both units" [ "$(grep -c '^  2013 ' out)" -eq 2 ]
expect "its summary as JSON" 0 '"gained_discounted"' summary --json q.nc
if command -v python3 >/dev/null; then must "which is JSON" python3 -c 'import json; json.load(open("out"))'; fi
# What is saved beyond public budgets is told apart: there it is what it is without the rest.
sed 's/amount: \([0-9]*\) GBP/amount: \1 GBP, view: fiscal/g' good.yaml >fiscal.yaml
sed 's/unit_values: {operation/unit_values: {pain: {per: falls, amount: 3000 GBP, view: social}, operation/' fiscal.yaml >social.yaml
expect "run of pounds of two views" 0 "" run social.yaml -o social.nc -q
expect "its summary" 0 "On public budgets alone (fiscal) it is " summary social.nc
must "and its row" grep -q "^    fiscal alone: on public budgets  " out
expect "its summary as JSON" 0 "net_discounted_fiscal" summary --json social.nc
of_fiscal=$(sed -n 's/.*"net_discounted_fiscal": {"mean": \([-0-9.e+]*\),.*/\1/p' out)
expect "run of fiscal pounds alone" 0 "" run fiscal.yaml -o fiscal.nc -q
expect "its summary as JSON" 0 "net_discounted" summary --json fiscal.nc
must "which are the same" grep -q "\"net_discounted\": {\"mean\": $of_fiscal," out
must "and not told apart" [ "$(grep -c net_discounted_fiscal out)" -eq 0 ]
# Draws of a scenario without an uncertain number are replicates.
expect "draws of nothing" 0 "its 4 draws are replicates" run good.yaml -o d.nc --draws 4
expect "their summary" 0 "1 draw of what is uncertain, 4 replicates" summary d.nc
must "which says nothing of evidence" grep -q "nothing is said here of how good its evidence is" out
must "nor of chances" [ "$(grep -c -e 'Chance that' -e '% evidence' out)" -eq 0 ]
# A tiny sample.
expect "a tiny sample" 0 "families were simulated: too few" run good.yaml -o tiny.nc --sample 0.02
expect "its summary" 0 "families were simulated: too few" summary tiny.nc
# With uncertain numbers, few draws: one method, and what is printed agrees.
cat >unsure.yaml <<'END'
wholeplace: 1
title: An uncertain effect
clock: {start: 2012-04-01, years: 6}
population: {cohort: {households: 3000, members: [{age: 75 years}]}}
parameters: {effect: {value: 0.8, unit: hazard ratio, distribution: {lognormal: {interval95: [0.5, 1.2], value_is: median}}, source: made up}}
processes: {fall: {of: person, hazard: 0.2 per year, then: []}}
interventions:
  visits: {of: person, offer: {at: {date: start}}, uptake: 60 %, lasts: for ever, changes: {fall: {multiply_hazard: [effect]}}, unit_values: {visit: {per: start, amount: 400 GBP, paid_by: {council: 1}}}}
arms: {baseline: [], visits: [visits]}
outcomes: {falls: {events: fall}, people: {snapshot: {every: 1 year, from: 0 years}}}
unit_values: {operation: {per: falls, amount: 9000 GBP, paid_by: {nhs: 1}}}
money: {discount: {GBP: 3.5 % per year}, payers: {nhs: {title: The Health Service}, council: {title: The Council}}}
END
for draws in 5 48; do
    expect "run $draws draws" 0 "" run unsure.yaml -o u.nc -q --force --draws $draws
    expect "their summary" 0 "Better off: The Health Service " summary u.nc
    must "columns add up" awk -f columns.awk out
    must "a stock is no sum" grep -q "^  People (people at a time)  *3,000  *3,000 " out
    must "chances add up" awk '/^  Chance that it has saved/ { for (i = 1; i <= NF; i++) if ($i == "%") saved = $(i - 1) }
        /^  Pays back in/ { never = $0; sub(/.*by the end is /, "", never); sub(/ .*/, "", never) }
        END { exit !(saved + never >= 99 && saved + never <= 101) }' out
    expect "what to choose" 0 "Which arm" summary --decision u.nc
    must "with the same chance" awk '/% after 6 years/ { saved = $0; sub(/.*, /, "", saved); sub(/ %.*/, "", saved) }
        /^Which arm/ { is_next = 1 } is_next && /^  Visits/ { exit !($2 == saved) }' out
    expect "as JSON" 0 "Worse off, spending more than it recovers: The Council by " summary --json u.nc
done
must "what it hinges on" grep -q "It hinges most on Effect: at " out
expect "48 draws by percentiles" 0 "by percentiles over 48 draws" summary u.nc
# Capacities are scaled with a sample: said where there are any, and kept in the result.
sed 's/uptake: 60 %/uptake: 60 %, capacity: {places: 50, settled: every 1 year}/' good.yaml >places.yaml
expect "a sample with places" 0 "warning: capacities are scaled" run places.yaml -o places.nc --sample 0.1
must "on stderr" grep -q "has 0.1 times its places" err
expect "its summary" 0 "Caution: capacities are scaled" summary places.nc
expect "every tenth with places" 0 "has 0.1 times its places" run places.yaml -o places.nc --force --lineages 2/10
"$command" run places.yaml -o places.nc --force >out 2>err
must "no sample, no warning" [ "$(grep -c scaled err)" -eq 0 ]
"$command" run good.yaml -o places.nc --force --sample 0.1 >out 2>err
must "no places, no warning" [ "$(grep -c scaled err)" -eq 0 ]
"$command" run places.yaml -o places.nc --force --sample 0.1 --quiet >out 2>err
must "quiet has no warning" [ ! -s err ]
head -c 5000 r.nc >cut.nc
expect "a truncated result" 2 "cut.nc" digest cut.nc
expect "export" 0 "" export r.nc -o tables
must "the same arms in each" [ "$(head -n 1 tables/costs.csv)" = "$(head -n 1 tables/net_benefit.csv)" ]
# To a millionth: costs are by arm, money by arm, year, unit value and payer.
must "money adds up to costs" awk -F, 'FILENAME ~ /money/ && FNR > 1 { if ($6 == "GBP") money += $10 }
    FILENAME ~ /costs/ && FNR > 1 { for (i = 1; i <= NF; i++) costs += $i }
    END { d = money - costs; exit !(costs > 0 && d * d <= 1e-12 * costs * costs) }' tables/money.csv tables/costs.csv
must "no parameter is uncertain, no table of them" [ ! -e tables/parameters.csv ]
expect "export again" 2 "exists already" export r.nc -o tables
expect "export over it" 0 "" export r.nc -o tables --force
touch tables/parameters.csv
expect "a table that is not this result's" 0 "" export r.nc -o tables --force
must "is gone" [ ! -e tables/parameters.csv ]
expect "export nowhere" 2 "-o FOLDER" export r.nc
expect "export of a unit that is not there" 2 "valued in" export r.nc -o tables --force --effect DALY
expect "solve for a price" 0 "the mean net saving, discounted, is 0: it breaks even" solve r.nc --price operation
expect "solve as JSON" 0 '"found": true' solve r.nc --price operation --json
expect "solve for a claim" 0 "nowhere in the range" solve r.nc --price safe_home.visit --saving 1e9
expect "solve for an unknown price" 2 "no unit value 'operations'; did you mean 'operation'? There are: " solve r.nc --price operations
expect "solve for an unknown arm" 2 "There are: baseline, safer" solve r.nc --price operation --arm safe
expect "solve a result by simulation" 2 "is a result; a parameter is solved for by running its scenario" solve r.nc --parameter x --between 1,2
expect "solve, figures" 0 "wanted is a saving of £1.000 billion" solve r.nc --price safe_home.visit --saving 1e9
expect "solve for a parameter" 0 "effect: at " solve unsure.yaml --parameter effect --between 0.2,1.5 --draws 1
must "in four figures" grep -qE "effect: at [01]\.[0-9]{3,4} hazard ratio " out
expect "sensitivity, how many runs" 0 "64 draws x (" sensitivity unsure.yaml --dry-run
must "and of what" grep -qE "^  effect +by simulation" out
expect "sensitivity" 0 "share of the variance" sensitivity unsure.yaml --draws 16 --sample 0.1
must "it says before how many runs there will be" grep -q "^16 draws x (" err
must "an index with its interval" grep -qE "^  effect +-?[0-9.]+ \(-?[0-9.]+ to [0-9.]+\)" out
expect "sensitivity of few draws" 0 "take 16 or more" sensitivity unsure.yaml --draws 2 --sample 0.1 -q
must "has no interval" [ "$(grep -cE "^  effect .*\(" out)" -eq 0 ]
expect "sensitivity as CSV" 0 "effect,1,true," sensitivity unsure.yaml --draws 4 --sample 0.1 -q --csv --of effect
must "quietly" [ ! -s err ]
expect "sensitivity as JSON" 0 '"changes_lives": true' sensitivity unsure.yaml --draws 4 --sample 0.1 --json
expect "sensitivity in two forms" 2 "one of them at a time" sensitivity unsure.yaml --json --csv
expect "sensitivity to nothing" 2 "has a distribution" sensitivity good.yaml
expect "sensitivity to an unknown number" 2 "did you mean 'effect'?" sensitivity unsure.yaml --of efect
expect "sensitivity to a number without a name" 2 "has an empty name" sensitivity unsure.yaml --of effect,
expect "sensitivity of an unknown arm" 2 "there is no arm" sensitivity unsure.yaml --arm nobody
expect "sensitivity of an unknown target" 2 "there is no target" sensitivity unsure.yaml --target nothing
expect "sensitivity of a result" 2 "r.nc: error: this is a result" sensitivity r.nc
must "and nothing else" [ "$(wc -l <err)" -eq 2 ]
expect "solve for nothing" 2 "say what to solve for" solve r.nc
expect "solve without a range" 2 "--between FROM,TO" solve good.yaml --parameter x
expect "solve for what is no parameter" 2 "no parameter" solve good.yaml --parameter x --between 1,2
expect "solve for what is no price" 2 "no unit value" solve r.nc --price x

# Validation: a scenario that uses a table of published figures, in a folder with a piece of it.
mkdir -p scenarios/places/deeper
cat >scenarios/places/table.yaml <<'END'
wholeplace: 1
title: What was said
published:
  F-1: {role: baseline fact, place: Nowhere, says: falls in a year, value: 90 per year, source: somebody}
  F-2: {role: claim, place: Nowhere, says: what safe homes save, value: 90000000 GBP, source: somebody}
  F-3: {role: claim, says: happier people, value: "many", source: somebody, not_modelled: no figure is given}
  F-4: {role: claim, says: fewer nurses, value: 10 %, source: somebody}
END
{
    sed '/^title/a use: [../table.yaml]\nparameters: {effect: {value: 0.5, unit: hazard ratio}}' good.yaml |
        sed 's/multiply_hazard: \[0.5\]/multiply_hazard: [effect]/'
    cat <<'END'
runs: {draws: 2, validate: {sample: 50 %, draws: 2, replicates: 2}}
targets:
  falls: {id: F-1, figure: {outcome: falls, as: total per year}}
  saving: {id: F-2, figure: {saving: GBP, arm: safer}, needs: {parameter: effect, between: [0.1, 0.9]}}
END
} >scenarios/places/deeper/here.yaml
cp good.yaml scenarios/places/no-targets.yaml
expect "validate a scenario" 0 "claim above the interval" validate scenarios/places/deeper/here.yaml
must "says how many times what is found" grep -q "times what is found; no effect from 0.1 to 0.9 gives it" out
must "at its size" grep -q "50 % of families, 2 draws, 2 replicates" out
expect "validate all" 0 "Published, but not modelled" validate --all -q scenarios/places
must "says why" grep -q "no figure is given" out
must "and what nothing holds" grep -q "^F-4 " out
must "in order" [ "$(grep -c '^F-[1234] ' out)" -eq 4 ]
must "counts them" grep -q "1 fact of the baseline, .*; 1 claim, 0 inside" out
must "progress is quiet" [ ! -s err ]
expect "validate as JSON" 0 '"no_target": [' validate --all -q --json --no-solve
if command -v python3 >/dev/null; then must "which is JSON" python3 -c 'import json; json.load(open("out"))'; fi
expect "validate as CSV" 0 "F-3,claim,happier people" validate --all -q --csv --no-solve
mkdir scenarios/evidence
cat >scenarios/evidence/published.yaml <<'END'
wholeplace: 1
title: What else was said
published:
  F-1: {role: baseline fact, says: another wording, value: 91 per year, source: somebody}
  F-9: {role: claim, says: fewer visits, value: 10 %, source: somebody}
  F-10: {role: claim, says: fewer calls, value: 10 %, source: somebody}
END
expect "the library's table is accounted for" 0 "F-9 " validate --all -q --no-solve
must "but for what is held" [ "$(grep -c '^F-1 ' out)" -eq 1 ]
must "in order of number" [ "$(grep -n '^F-9 ' out | cut -d: -f1)" -lt "$(grep -n '^F-10 ' out | cut -d: -f1)" ]
expect "a table by name" 0 "F-10 " validate -q --no-solve scenarios/places/deeper/here.yaml --published scenarios/evidence/published.yaml
expect "no such table" 2 "nowhere.yaml" validate -q scenarios/places/deeper/here.yaml --published nowhere.yaml
expect "a table that is none" 2 "'published' is missing" validate -q scenarios/places/deeper/here.yaml --published good.yaml
expect "run of it" 0 "" run scenarios/places/deeper/here.yaml -q -o here.nc
expect "validate a result" 0 "fact" validate here.nc
expect "validate what has no targets" 0 "has no targets" validate good.yaml
expect "validate a bad scenario" 2 "bad.yaml:" validate bad.yaml
must "compares nothing" [ ! -s out ]
cp bad.yaml scenarios/places/bad.yaml
expect "validate all with a bad one" 2 "places/bad.yaml:" validate --all
must "runs nothing" [ ! -s out ]
expect "validate no folder" 2 "cannot be read" validate --all nowhere

# Calibration, by a file that another scenario uses.
sed 's/hazard: 0.2 per year/hazard: rate/
     /^title/a parameters: {rate: {value: 0.2, unit: per year}, idle: {value: 1, unit: per year}}' good.yaml >rates.yaml
cat >>rates.yaml <<'END'
targets:
  falls: {role: baseline fact, figure: {outcome: falls, years: 1-1}, published: 60}
  saving: {role: claim, figure: {saving: GBP, arm: safer}, published: 100000 GBP}
END
expect "calibrate without parameters" 2 "--parameters" calibrate rates.yaml -o fitted.yaml
expect "calibrate without a file" 2 "-o FILE.yaml" calibrate rates.yaml -p rate
expect "calibrate to a claim" 2 "is a claim" calibrate rates.yaml -p rate --targets saving -o fitted.yaml
expect "calibrate what no fact tells" 1 "not identified" calibrate rates.yaml -p idle -o fitted.yaml
must "writes nothing" [ ! -e fitted.yaml ]
expect "calibrate" 0 "1 fact, " calibrate rates.yaml -p rate -o fitted.yaml
must "tells how far it is" grep -q "run 2: off by" err
must "the fact is met" grep -q "^falls  *60  *[0-9.]*  *\(59\|60\)" out
expect "calibrate again" 2 "exists already" calibrate rates.yaml -p rate -o fitted.yaml
expect "calibrate by force" 0 "" calibrate rates.yaml -p rate -o fitted.yaml --force -q
must "quietly" [ ! -s err ]
printf 'wholeplace: 1\ntitle: Fitted\nuse: [rates.yaml, fitted.yaml]\n' >uses.yaml
expect "use it" 0 "Fitted by wholeplace calibrate" show uses.yaml
expect "validate it" 0 "reproduced" validate -q uses.yaml
expect "what is no result" 2 "not HDF5" summary good.yaml

# A log, and Ctrl-C: exit code 3, and neither a result nor a part of one. So many households that no machine is
# through before it has been stopped. (A shell lets its background jobs ignore SIGINT.)
sed 's/households: 600/households: 10000000/' good.yaml >long.yaml
"$command" run long.yaml -o long.nc >out 2>err &
process=$!
waited=0
until grep -q 'person-years/s' err || [ $waited -ge 120 ] || ! kill -0 $process; do
    sleep 0.5
    waited=$((waited + 1))
done
kill -TERM $process
wait $process
code=$?
must "a log has plain lines" [ "$(grep -c 'person-years/s' err)" -ge 1 ]
must "a log has no control characters" [ "$(tr -d '\n\t -~' <err | wc -c)" -eq 0 ]
must "progress is not on stdout" [ ! -s out ]
must "stopped early gives 3, not $code" [ $code -eq 3 ]
must "stopped early says so" grep -q "stopped early" err
must "nothing half-written stays" [ "$(ls | grep -c '^long.nc')" -eq 0 ]
must "no temporary files stay" [ "$(ls -A | grep -c part)" -eq 0 ]

# Solving is stopped as running is.
sed 's/households: 3000/households: 10000000/' unsure.yaml >long_unsure.yaml
"$command" solve long_unsure.yaml --parameter effect --between 0.2,1.5 --draws 1 >out 2>err &
process=$!
sleep 1.5
kill -TERM $process
wait $process
code=$?
must "solving stopped gives 3, not $code" [ $code -eq 3 ]
must "which says so" grep -q "stopped early" err
must "and gives no answer" [ ! -s out ]

for subcommand in "validate" "sensitivity" "calibrate -o unfitted.yaml --parameters effect"; do
    sed 's/^money:/targets: {falls: {id: f, source: made up, role: baseline fact, figure: {outcome: falls, as: total per year}, published: 500 per year}}\nmoney:/' long_unsure.yaml >stopped.yaml
    # shellcheck disable=SC2086
    "$command" $subcommand stopped.yaml >out 2>err &
    process=$!
    sleep 1.5
    kill -TERM $process
    wait $process
    code=$?
    must "$subcommand stopped gives 3, not $code" [ $code -eq 3 ]
    must "$subcommand stopped says so" grep -q "stopped early" err
    [ $code -eq 3 ] || cat err
done
must "nothing was fitted" [ ! -e unfitted.yaml ]

# A limit on the size of files is a failed write like any other.
(ulimit -f 8 && "$command" run good.yaml -q -o limited.nc 2>err)
code=$?
must "a file too large gives 1, not $code" [ $code -eq 1 ]
must "which says why" grep -q "cannot be written: File too large" err
must "no part of it stays" [ "$(ls -A | grep -c limited)" -eq 0 ]

# Stopped at any moment: exit code 3 and no file, or all is done and the result is whole.
sed 's/households: 600/households: 40000/' good.yaml >some.yaml
for seconds in 0.1 0.2 0.3 0.4 0.5 0.7 0.9 1.2; do
    rm -f some.nc
    "$command" run some.yaml -q -o some.nc --threads 1 2>err &
    process=$!
    sleep $seconds
    kill -TERM $process 2>/dev/null
    wait $process
    code=$?
    must "no part of a result after $seconds s" [ "$(ls -A | grep -c part)" -eq 0 ]
    if [ $code -eq 0 ]; then
        expect "whole after $seconds s" 0 "" digest some.nc
    elif [ $code -eq 143 ] && [ ! -s err ] && [ $seconds = 0.1 ]; then
        must "no result of what had not begun" [ ! -e some.nc ] # a busy machine: not yet in main
    else
        must "stopped after $seconds s gives 3, not $code" [ $code -eq 3 ]
        must "no result after $seconds s" [ ! -e some.nc ]
        must "which is said" grep -q "stopped early; nothing was written" err
    fi
done

# In the means over founders, before any life.
cat >founders.yaml <<'END'
wholeplace: 1
title: Means over many founders
clock: {start: 2012-04-01, years: 1}
population: {cohort: {households: 30000000, members: [{age: 75 years}]}}
person: {attributes: {sort: {levels: [a, b], at_start: {a: 0.5, b: 0.5}}}}
processes: {dies: {of: person, hazard: 0.1 per year, multiply_hazard: [{by: sort, values: {a: 1, b: 3}, keep_average_by: age}], then: [die]}}
arms: {baseline: []}
outcomes: {deaths: {events: died}}
END
"$command" run founders.yaml -o founders.nc >out 2>err &
process=$!
sleep 0.7
kill -TERM $process
wait $process
code=$?
must "stopped among founders gives 3, not $code" [ $code -eq 3 ]
must "stopped among founders says so" grep -q "stopped early; nothing was written" err
must "no person lived" [ "$(grep -c 'person-years/s' err)" -eq 0 ]
must "nothing of it stays" [ "$(ls -A | grep -c '^founders.nc')" -eq 0 ]
# What is ignored where it was started stays so.
trap '' HUP
"$command" run some.yaml -q -o ignored.nc &
process=$!
trap - HUP
sleep 0.3
kill -HUP $process 2>/dev/null
wait $process
must "an ignored signal is ignored" [ $? -eq 0 ]

if [ -c /dev/full ]; then
    "$command" summary r.nc >/dev/full 2>err
    code=$?
    must "output that does not arrive is an error, not $code" [ $code -eq 1 ]
fi
[ "$failures" -eq 0 ] && echo "all as expected"
[ "$failures" -eq 0 ]
