#!/usr/bin/env bash
# The whole check: what CI runs, and what a contributor runs before sending a change. Needs the .NET SDK, ICU for the runs under
# other cultures, and Chromium for the tests of pages, which are skipped where there is none. The last line says how many tests
# passed and failed, summed over every run.
#
#   eng/check.sh           everything
#   eng/check.sh quick     restore, build, format, and the tests once
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1

mode=${1:-all}
if [[ $mode != all && $mode != quick ]]; then
  echo "usage: eng/check.sh [quick]" >&2
  exit 2
fi

export DOTNET_CLI_UI_LANGUAGE=en DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
# Servers that outlive the build would keep a CI machine from ending.
export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0
# The cultures are part of what is checked: without ICU, dotnet says so itself when it starts.
unset DOTNET_SYSTEM_GLOBALIZATION_INVARIANT DOTNET_SYSTEM_GLOBALIZATION_PREDEFINED_CULTURES_ONLY

results=artifacts/test-results
rm -rf "$results"
passed=0 failed=0 skipped=0 failing=

summary() {
  local line="$passed passed, $failed failed"
  ((skipped == 0)) || line+=", $skipped skipped"
  echo "$line"
}

# A step that is not a test: it counts only when it fails.
step() {
  local title=$1
  shift
  echo "== $title"
  if ! "$@" < /dev/null; then
    echo "== $title: FAILED"
    failed=$((failed + 1))
    return 1
  fi
}

counter() { # sums one attribute of the result counters of a run
  local files=("$1"/*.trx)
  [[ -e ${files[0]} ]] || { echo 0; return; }
  grep -ho "<Counters [^>]*" "${files[@]}" | grep -o " $2=\"[0-9]*\"" | tr -dc '0-9\n' | awk '{ sum += $1 } END { print sum + 0 }'
}

# The failed tests of a run, with the first lines of what each said.
failures() {
  local files=("$1"/*.trx)
  [[ ! -e ${files[0]} ]] || awk '
    /<UnitTestResult / { name = ""; if (/outcome="Failed"/) { name = $0; sub(/.*testName="/, "", name); sub(/".*/, "", name); print "  " name } }
    /<Message>/ { lines = name != "" ? 6 : 0 }
    lines > 0 { text = $0; gsub(/^ *<Message>|<\/Message>/, "", text); print "    " text; lines-- }
    /<\/Message>/ { lines = 0 }' "${files[@]}"
}

# Runs every test project: run TITLE FOLDER FILTER [VARIABLE=VALUE...]
run() {
  local title=$1 folder=$results/$2 filter=$3 code=0
  shift 3
  echo "== Tests: $title"
  env "$@" dotnet test Recurrent.sln -c Release --no-build --nologo --logger trx --results-directory "$folder" \
    --filter "$filter" < /dev/null || code=$?
  local total executed bad
  total=$(counter "$folder" total) executed=$(counter "$folder" executed) bad=$(counter "$folder" failed)
  passed=$((passed + $(counter "$folder" passed)))
  skipped=$((skipped + total - executed))
  failed=$((failed + bad))
  ((bad == 0)) || failing+="== Failed: $title"$'\n'$(failures "$folder")$'\n'
  if ((bad == 0)) && { ((code != 0)) || ((total == 0)); }; then
    echo "== Tests: $title: FAILED without a failed test (exit code $code, $total tests found)"
    failed=$((failed + 1))
  fi
}

everything='TestCategory!=Benchmark'
# What a register's width can change: the kernels, and that training has the same bits on any number of threads.
vectors="$everything&TestCategory!=Slow&(FullyQualifiedName~Tests.Numerics|FullyQualifiedName~Determinism)"

step "Restore" dotnet restore Recurrent.sln &&
  step "Build, warnings are errors" dotnet build Recurrent.sln -c Release --no-restore --nologo &&
  {
    step "Format" dotnet format Recurrent.sln --verify-no-changes --no-restore
    run "as this machine is" plain "$everything"
    if [[ $mode == all ]]; then
      run "without hardware intrinsics" no-intrinsics "$everything&TestCategory!=Slow" DOTNET_EnableHWIntrinsic=0
      # .NET's switches: the kernels then take 256-bit registers, and 128-bit ones without multiply-add.
      run "without AVX-512" no-avx512 "$vectors" DOTNET_EnableAVX512=0
      run "without AVX2 and multiply-add" no-avx2 "$vectors" DOTNET_EnableAVX2=0
      # No masked loads and stores of the hardware, either: ends of columns then take the path that they take on ARM.
      run "without AVX" no-avx "$vectors" DOTNET_EnableAVX=0
      run "under de-DE" de-DE "$everything&TestCategory!=Slow" RECURRENT_TEST_CULTURE=de-DE
      run "under tr-TR" tr-TR "$everything&TestCategory!=Slow" RECURRENT_TEST_CULTURE=tr-TR
      # Documents and files of other tools, changed part by part: a hundred thousand of each kind take a minute or two.
      run "many changed files" fuzz "FullyQualifiedName~FuzzTests" "RECURRENT_FUZZ_FILES=${RECURRENT_FUZZ_FILES:-100000}"
    fi
  }

# Again at the end, where a long log is looked at.
printf '%s' "$failing"
summary
((failed == 0))
