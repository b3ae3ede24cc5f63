# Install: library, headers, command, scenarios, CMake config and wholeplace.pc.
include(CMakePackageConfigHelpers)

install(TARGETS wholeplace EXPORT wholeplace)
install(DIRECTORY include/wholeplace DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
        FILES_MATCHING PATTERN "*.h")
install(DIRECTORY scenarios DESTINATION ${CMAKE_INSTALL_DATADIR}/wholeplace)
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
if(TARGET wholeplace_command)
  install(TARGETS wholeplace_command)
endif()

set(WP_CONFIG_DIR ${CMAKE_INSTALL_LIBDIR}/cmake/wholeplace)
install(EXPORT wholeplace NAMESPACE wholeplace:: FILE wholeplace-targets.cmake
        DESTINATION ${WP_CONFIG_DIR})
configure_package_config_file(scripts/cmake/wholeplace-config.cmake.in
  ${PROJECT_BINARY_DIR}/wholeplace-config.cmake INSTALL_DESTINATION ${WP_CONFIG_DIR})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/wholeplace-config-version.cmake
  COMPATIBILITY SameMinorVersion)
file(RELATIVE_PATH WP_PC_INCLUDEDIR
     ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig ${CMAKE_INSTALL_FULL_INCLUDEDIR})
configure_file(scripts/cmake/wholeplace.pc.in ${PROJECT_BINARY_DIR}/wholeplace.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/wholeplace-config.cmake
              ${PROJECT_BINARY_DIR}/wholeplace-config-version.cmake
        DESTINATION ${WP_CONFIG_DIR})
install(FILES ${PROJECT_BINARY_DIR}/wholeplace.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
