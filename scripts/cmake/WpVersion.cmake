# wp_version: writes generated/base/version_generated.h at every build, and touches it only when it
# changes. Works without git and outside a clone: the revision is then "unknown".
set(WP_VERSION_HEADER ${PROJECT_BINARY_DIR}/generated/base/version_generated.h)
string(TOUPPER "${CMAKE_BUILD_TYPE}" WP_BUILD_TYPE_UPPER)
string(STRIP "${CMAKE_C_FLAGS} ${CMAKE_C_FLAGS_${WP_BUILD_TYPE_UPPER}}" WP_BUILD_FLAGS)
set(WP_VERSION_COMMAND
  ${CMAKE_COMMAND}
    -D SOURCE=${PROJECT_SOURCE_DIR} -D HEADER=${WP_VERSION_HEADER} -D VERSION=${PROJECT_VERSION}
    -D "COMPILER=${CMAKE_C_COMPILER_ID} ${CMAKE_C_COMPILER_VERSION}"
    -D "FLAGS=${WP_BUILD_FLAGS} -ffp-contract=off" -D "SANITIZE=${WP_SANITIZE}"
    -P ${PROJECT_SOURCE_DIR}/scripts/cmake/write_version.cmake)
execute_process(COMMAND ${WP_VERSION_COMMAND} COMMAND_ERROR_IS_FATAL ANY)
add_custom_target(wp_version COMMAND ${WP_VERSION_COMMAND} BYPRODUCTS ${WP_VERSION_HEADER}
                  COMMENT "Looking at the revision" VERBATIM)
