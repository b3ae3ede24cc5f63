# Run by WpVersion.cmake: SOURCE, HEADER, VERSION, COMPILER, FLAGS, SANITIZE.
cmake_minimum_required(VERSION 3.25)
set(REVISION unknown)
find_program(GIT git)
if(GIT AND EXISTS ${SOURCE}/.git)
  execute_process(COMMAND ${GIT} -c safe.directory=${SOURCE} -C ${SOURCE} rev-parse HEAD
                  OUTPUT_VARIABLE hash OUTPUT_STRIP_TRAILING_WHITESPACE
                  ERROR_QUIET RESULT_VARIABLE failed)
  if(NOT failed)
    set(REVISION ${hash})
    execute_process(COMMAND ${GIT} -c safe.directory=${SOURCE} -C ${SOURCE} status --porcelain
                            --untracked-files=no
                    OUTPUT_VARIABLE changes ERROR_QUIET)
    if(changes)
      string(APPEND REVISION "+changes")
    endif()
  endif()
endif()
string(STRIP "${FLAGS}" FLAGS)
if(SANITIZE)
  string(APPEND FLAGS " (sanitize: ${SANITIZE})")
endif()
file(CONFIGURE OUTPUT ${HEADER} @ONLY CONTENT "/* Generated at build time: what was built. */
#ifndef WP_BASE_VERSION_GENERATED_H
#define WP_BASE_VERSION_GENERATED_H

#define WP_VERSION \"@VERSION@\"
#define WP_REVISION \"@REVISION@\"
#define WP_COMPILER \"@COMPILER@\"
#define WP_COMPILER_FLAGS \"@FLAGS@\"

#endif
")
