cmake_minimum_required(VERSION 3.25)
# BUILD, CONSUMER, COMPILER, FLAGS: install BUILD into a folder of its own, build CONSUMER against it
# by CMake's config, run it, and compile it once more by wholeplace.pc.
set(prefix ${BUILD}/consumer/prefix)
file(REMOVE_RECURSE ${BUILD}/consumer)
string(REPLACE ";" " " flags "${FLAGS}")
function(run)
  execute_process(COMMAND ${ARGV} COMMAND_ERROR_IS_FATAL ANY)
endfunction()
run(${CMAKE_COMMAND} --install ${BUILD} --prefix ${prefix})
run(${CMAKE_COMMAND} -S ${CONSUMER} -B ${BUILD}/consumer/build -D CMAKE_PREFIX_PATH=${prefix}
    -D CMAKE_C_COMPILER=${COMPILER} "-DCMAKE_C_FLAGS=${flags}")
run(${CMAKE_COMMAND} --build ${BUILD}/consumer/build)
run(${BUILD}/consumer/build/consumer)
file(GLOB_RECURSE pc ${prefix}/wholeplace.pc)
get_filename_component(pc_dir ${pc} DIRECTORY)
set(ENV{PKG_CONFIG_PATH} ${pc_dir})
set(ENV{LD_LIBRARY_PATH} ${pc_dir}/..) # where the library is a shared one
execute_process(COMMAND pkg-config --static --cflags --libs wholeplace COMMAND_ERROR_IS_FATAL ANY
                OUTPUT_VARIABLE options OUTPUT_STRIP_TRAILING_WHITESPACE)
separate_arguments(options)
run(${COMPILER} ${FLAGS} ${CONSUMER}/consumer.c -o ${BUILD}/consumer/by_pkg_config ${options})
run(${BUILD}/consumer/by_pkg_config)
