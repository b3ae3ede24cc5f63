if(TARGET wholeplace_command)
  add_test(NAME test_cli COMMAND sh ${CMAKE_CURRENT_SOURCE_DIR}/test_cli.sh $<TARGET_FILE:wholeplace_command>)
  set_tests_properties(test_cli PROPERTIES LABELS "unit" TIMEOUT 300)
endif()
