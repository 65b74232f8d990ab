#!/usr/bin/env bash
# Writes down what users can call, in src/*/PublicApi.txt, after a change of it that is meant. A test holds the sources to it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
RECURRENT_WRITE_API=1 dotnet test tests/Recurrent.Architecture.Tests -c Release --nologo --filter FullyQualifiedName~PublicApiTests
git --no-pager diff --stat -- 'src/*/PublicApi.txt'
