// Predicts with the stacks that onnx_export.py writes: prints one JSON line, like the runner.
//
// node onnxruntime.mjs --workload W1 --mode predict --threads 2 --repeat 10
//
// The workload "identity" does nothing with W2's inputs: its time is what a call costs, the binding's promise above all.
//
// With --serve it warms up, says "ready" and then answers each line of standard input, "<repeat> <seconds>", with the times of at
// least so many runs that take at least so long.
import { createInterface } from 'node:readline';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import * as ort from 'onnxruntime-node';

// steps, features, outputs, batch size; the same numbers as in Workload.cs
const sizes = { W1: [10, 1, 1, 32], W2: [10, 1, 1, 10], W3: [50, 10, 2, 32], W4: [100, 64, 1, 64], W5: [100, 8, 1, 32] };

const { values: options } = parseArgs({
  options: {
    workload: { type: 'string' },
    mode: { type: 'string', default: 'predict' },
    threads: { type: 'string', default: '2' },
    repeat: { type: 'string', default: '10' },
    models: { type: 'string', default: new URL('models', import.meta.url).pathname },
    serve: { type: 'boolean', default: false },
  },
});
const isIdentity = options.workload === 'identity';
const [steps, features, outputs, fullBatch] = sizes[isIdentity ? 'W2' : options.workload];
const batch = options.mode === 'predict-one' ? 1 : fullBatch;
const session = await ort.InferenceSession.create(`${options.models}/${options.workload}.onnx`, {
  intraOpNumThreads: Number(options.threads),
  interOpNumThreads: 1,
  executionMode: 'sequential',
  graphOptimizationLevel: 'all',
});

// Numbers of about the spread of a standard normal distribution: what they are has no influence on the time.
const data = Float32Array.from({ length: steps * batch * features }, (_, i) => Math.sin(i) * 1.4);
const feeds = { x: new ort.Tensor('float32', data, [steps, batch, features]) };
const { y } = await session.run(feeds);
const shape = isIdentity ? [steps, batch, features] : [batch, outputs];
if (y.dims.join() !== shape.join() || !y.data.every(Number.isFinite)) {
  throw new Error(`the output has the wrong shape or values: ${y.dims}`);
}

const version = JSON.parse(readFileSync(new URL('node_modules/onnxruntime-node/package.json', import.meta.url))).version;

async function measure(repeat, leastSeconds) {
  const times = [];
  const begin = performance.now();
  while (times.length < repeat || performance.now() - begin < 1e3 * leastSeconds) {
    const start = performance.now();
    await session.run(feeds);
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  const middle = (times[(times.length - 1) >> 1] + times[times.length >> 1]) / 2;
  console.log(JSON.stringify({
    workload: options.workload, mode: options.mode, threads: Number(options.threads), peer: `ONNX Runtime ${version}`,
    runs: times.length, min_ms: times[0], median_ms: middle, max_ms: times.at(-1),
  }));
}

const warmUp = performance.now();
do {
  await session.run(feeds);
} while (performance.now() - warmUp < 1000);

if (options.serve) {
  console.log('ready');
  for await (const line of createInterface({ input: process.stdin })) {
    const [repeat, seconds] = line.split(' ').map(Number);
    await measure(repeat, seconds);
  }
} else {
  await measure(Number(options.repeat), 0);
}
process.exit(0);
