# Writes the source that defines CommitText (tools/zabsim/cli/version.h), if it changes: -DTO=FILE.
find_program(GIT git)
set(commit "")
if(GIT)
  execute_process(COMMAND ${GIT} describe --always --exclude=* --abbrev=40 --dirty=+
                  WORKING_DIRECTORY ${CMAKE_CURRENT_LIST_DIR}
                  OUTPUT_VARIABLE commit ERROR_QUIET OUTPUT_STRIP_TRAILING_WHITESPACE)
endif()
if(NOT commit)
  set(commit unknown)
endif()
file(CONFIGURE OUTPUT ${TO} @ONLY CONTENT [[
#include "tools/zabsim/cli/version.h"

std::string zabsim::CommitText() {
  return "@commit@";
}
]])
