#!/usr/bin/env bash
# Takes the chart library of the pages from npm, as it was published: eng/uplot.sh 1.6.32
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

version=${1:?usage: eng/uplot.sh VERSION}
assets=$PWD/src/Recurrent.Models/Drawing/Assets
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm pack --silent "uplot@$version"
tar xzf "uplot-$version.tgz"
cp package/dist/uPlot.iife.min.js package/dist/uPlot.min.css "$assets"
cp package/LICENSE "$assets/uPlot.LICENSE.txt"
sed -i "s|(https://github.com/leeoniya/uPlot) [0-9.]*,|(https://github.com/leeoniya/uPlot) $version,|" "$assets/README.md"
echo "uPlot $version is in $assets. Now run the tests of category Browser."
