#!/usr/bin/env python3
"""The libraries as others use them: installed, found by find_package, and built against.  The
programs are those of sim/README.md and protocol/EMBEDDING.md; the first must print what that says.
"""
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

root = Path(os.environ["SOURCE_DIR"])
if "ZABSIM" not in os.environ:
    print("only beside a build of the command")
    sys.exit(77)
build = Path(os.environ["ZABSIM"]).parent
place = build / "library_test"

PROJECT = """
cmake_minimum_required(VERSION 3.25)
project(user LANGUAGES CXX)
set(CMAKE_CXX_STANDARD 20)
find_package(zabsim 0.1 REQUIRED)
add_executable(counter counter.cc)
target_link_libraries(counter PRIVATE zabsim::sim)
add_executable(driver driver.cc)
target_link_libraries(driver PRIVATE zabsim::protocol)
"""
# So little of a machine that the program ends with the first wait.
DRIVER = """
class Nothing : public Machine {
  [[noreturn]] void Exit(zab::Reason) override { std::exit(performed_ > 0 ? 0 : 1); }
  zab::Instant Now() override { return {}; }
  zab::Input Next() override { Exit({}); }
  void Perform(const zab::Effect&) override { ++performed_; }
  int performed_ = 0;  // It asks for the list of its files, at least.
};
int main() {
  Nothing machine;
  Drive({.self = {1}, .voters = {{{1}, "alone"}}}, 1, 1, machine);
}
"""


def block(page, language):
    """The first block of that language in a page."""
    return re.search(rf"^```{language}\n(.*?)^```", (root / page).read_text(), re.M | re.S)[1]


def run(*command):
    """What the command prints; it must succeed."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))}\n{done.stdout}{done.stderr}")
    return done.stdout


def cached(name):
    """A setting of the build, so that both are built alike."""
    found = re.search(rf"^{name}:\w+=(.*)$", (build / "CMakeCache.txt").read_text(), re.M)
    return f"-D{name}={found[1] if found else ''}"


if not (build / "zabsimConfig.cmake").exists():
    print("the libraries are installed only with the system's Abseil")
    sys.exit(77)
shutil.rmtree(place, ignore_errors=True)
(place / "user").mkdir(parents=True)
run("cmake", "--install", build, "--component", "library", "--prefix", place / "installed")
(place / "user/CMakeLists.txt").write_text(PROJECT)
(place / "user/counter.cc").write_text(block("sim/README.md", "cpp"))
(place / "user/driver.cc").write_text(
    "#include <cstdlib>\n" + block("protocol/EMBEDDING.md", "cpp") + DRIVER)
run("cmake", "-S", place / "user", "-B", place / "build", "-G", "Ninja",
    f"-DCMAKE_PREFIX_PATH={place / 'installed'}", "-DCMAKE_BUILD_TYPE=Debug",
    cached("CMAKE_CXX_COMPILER"), cached("CMAKE_CXX_FLAGS"), cached("CMAKE_EXE_LINKER_FLAGS"))
run("cmake", "--build", place / "build")
run(place / "build/driver")
printed, wanted = run(place / "build/counter"), block("sim/README.md", "text")
if printed != wanted:
    sys.exit(f"sim/README.md says\n{wanted}\nbut the example prints\n{printed}")
shutil.rmtree(place)
