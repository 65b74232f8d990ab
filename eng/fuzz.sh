#!/usr/bin/env bash
# Feeds mutated documents of every format to their readers: nothing but a model, or the refusal of the format, may come out, soon, and in
# memory that follows the length. A document that fails is kept in the tests' fuzz-failures; mended, it belongs into tests/fixtures/fuzz.
#
#   eng/fuzz.sh [COUNT [SEED]]     default: a million, with the day as seed
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

export RECURRENT_FUZZ_FILES=${1:-1000000} RECURRENT_FUZZ_SEED=${2:-$(date +%Y%m%d)}
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
echo "$RECURRENT_FUZZ_FILES documents, seed $RECURRENT_FUZZ_SEED"
dotnet test tests/Recurrent.Models.Tests -c Release --nologo --filter "FullyQualifiedName~FuzzTests" --logger "console;verbosity=normal"
