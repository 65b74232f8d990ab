"""The workloads of Workload.cs in PyTorch: prints one JSON line, like the runner.

python3 pytorch.py --workload W1 --mode train --threads 2 --repeat 10

With --serve it warms up, says "ready" and then answers each line of standard input, "<repeat> <seconds>", with the times of
at least so many runs that take at least so long: so that runs of both sides can take turns.
"""

import argparse
import json
import os
import sys
import time


def read_options():
    parser = argparse.ArgumentParser()
    parser.add_argument("--workload", required=True)
    parser.add_argument("--mode", choices=["train", "predict", "predict-one"], default="train")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--repeat", type=int, default=10)
    parser.add_argument("--serve", action="store_true")
    return parser.parse_args()


OPTIONS = read_options()
# BLAS and OpenMP read these when they are loaded.
for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = str(OPTIONS.threads)

import torch  # noqa: E402
from torch import nn  # noqa: E402
from torch.nn.utils.rnn import pack_padded_sequence  # noqa: E402

# samples, steps, features, outputs, batch size; the same numbers as in Workload.cs
SIZES = {
    "W1": (1000, 10, 1, 1, 32),
    "W2": (100, 10, 1, 1, 10),
    "W3": (1024, 50, 10, 2, 32),
    "W4": (256, 100, 64, 1, 64),
    "W5": (1024, 100, 8, 1, 32),
    "masked": (512, 100, 8, 1, 32),
    "dropout": (512, 50, 16, 1, 32),
}


class Stack(nn.Module):
    """A recurrent stack whose last hidden state goes through a linear layer."""

    def __init__(self, recurrent, units, outputs, dropout=0.0):
        super().__init__()
        self.recurrent = recurrent
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(units, outputs)

    def forward(self, x, lengths):
        return self.head(self.dropout(self.recurrent(x)[0][:, -1]))


class Packed(nn.Module):
    """A recurrent layer over sequences of different lengths: packed, so that no step is run behind the end of a sequence."""

    def __init__(self, recurrent, units, outputs):
        super().__init__()
        self.recurrent = recurrent
        self.head = nn.Linear(units, outputs)

    def forward(self, x, lengths):
        packed = pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
        return self.head(self.recurrent(packed)[1][-1])


class RecurrentDropout(nn.Module):
    """nn.LSTM has no recurrent dropout, so a loop over LSTMCell: one mask on the hidden state for all steps."""

    def __init__(self, features, units, outputs, rate):
        super().__init__()
        self.cell = nn.LSTMCell(features, units)
        self.head = nn.Linear(units, outputs)
        self.rate = rate

    def forward(self, x, lengths):
        hidden = x.new_zeros(x.shape[0], self.cell.hidden_size)
        cell = torch.zeros_like(hidden)
        mask = nn.functional.dropout(torch.ones_like(hidden), self.rate, self.training)
        for step in x.unbind(1):
            hidden, cell = self.cell(step, (hidden * mask, cell))
        return self.head(hidden)


def build(name):
    _, _, features, outputs, _ = SIZES[name]
    return {
        # nn.LSTM drops out between its layers; the last dropout is the stack's.
        "W1": lambda: Stack(nn.LSTM(features, 50, 3, batch_first=True, dropout=0.2), 50, outputs, 0.2),
        "W2": lambda: Stack(nn.LSTM(features, 50, batch_first=True), 50, outputs),
        "W3": lambda: Stack(nn.GRU(features, 128, batch_first=True), 128, outputs),
        "W4": lambda: Stack(nn.LSTM(features, 256, 2, batch_first=True), 256, outputs),
        "W5": lambda: Stack(nn.RNN(features, 64, batch_first=True), 64, outputs),
        "masked": lambda: Packed(nn.GRU(features, 64, batch_first=True), 64, outputs),
        "dropout": lambda: RecurrentDropout(features, 128, outputs, 0.2),
    }[name]()


def training(model, x, y, lengths, batch, outputs):
    loss_function = nn.CrossEntropyLoss() if outputs > 1 else nn.MSELoss()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, eps=1e-7)

    def epoch():
        order = torch.randperm(len(x))
        for start in range(0, len(x), batch):
            index = order[start:start + batch]
            optimizer.zero_grad(set_to_none=True)
            loss = loss_function(model(x[index], lengths[index]), y[index])
            loss.backward()
            optimizer.step()

    return epoch


def prediction(model, x, lengths, outputs):
    model.eval()

    def predict():
        with torch.inference_mode():
            y = model(x, lengths)
            return torch.softmax(y, 1) if outputs > 1 else y

    if predict().shape != (len(x), outputs):
        raise RuntimeError(f"the output has the wrong shape, {tuple(predict().shape)}")
    return predict


def measure(run, repeat, least_seconds=0.0):
    seconds = []
    begin = time.perf_counter()
    while len(seconds) < repeat or time.perf_counter() - begin < least_seconds:
        start = time.perf_counter()
        run()
        seconds.append(time.perf_counter() - start)
    seconds.sort()
    middle = (seconds[(len(seconds) - 1) // 2] + seconds[len(seconds) // 2]) / 2
    print(json.dumps({
        "workload": OPTIONS.workload, "mode": OPTIONS.mode, "threads": OPTIONS.threads,
        "peer": "PyTorch " + torch.__version__, "runs": len(seconds),
        "min_ms": round(1e3 * seconds[0], 4), "median_ms": round(1e3 * middle, 4), "max_ms": round(1e3 * seconds[-1], 4),
    }), flush=True)


def main():
    torch.manual_seed(1)
    torch.set_num_threads(OPTIONS.threads)
    samples, steps, features, outputs, batch = SIZES[OPTIONS.workload]
    if OPTIONS.mode != "train":
        samples = batch if OPTIONS.mode == "predict" else 1
    x = torch.randn(samples, steps, features)
    y = torch.randint(outputs, (samples,)) if outputs > 1 else torch.randn(samples, outputs)
    lengths = torch.randint(10, steps + 1, (samples,))
    model = build(OPTIONS.workload)
    if OPTIONS.mode == "train":
        run = training(model, x, y, lengths, batch, outputs)
    else:
        run = prediction(model, x, lengths, outputs)

    warm_up = time.perf_counter()
    while True:
        run()
        if time.perf_counter() - warm_up > 1.0:
            break
    if not OPTIONS.serve:
        measure(run, OPTIONS.repeat)
        return
    print("ready", flush=True)
    for line in sys.stdin:
        repeat, seconds = line.split()
        measure(run, int(repeat), float(seconds))


if __name__ == "__main__":
    main()
