// A failed ZAB_CHECK ends the process with _exit, which libFuzzer would not notice.  Under
// libFuzzer the linker's --wrap=_exit makes it abort instead, so that the input is kept.
#include <cstdlib>

extern "C" [[noreturn]] void __wrap__exit(int) {
  std::abort();
}
