"""The workloads of Workload.cs in PyTorch: prints one JSON line, like the runner.

python3 pytorch.py --workload W1 --threads 2 --repeat 10
"""

import argparse
import json
import time

import torch
from torch import nn

# samples, steps, features, outputs, batch size; the same numbers as in Workload.cs
SIZES = {
    "W1": (1000, 10, 1, 1, 32),
    "W2": (100, 10, 1, 1, 10),
    "W3": (1024, 50, 10, 2, 32),
    "W4": (256, 100, 64, 1, 64),
    "W5": (1024, 100, 8, 1, 32),
}


class Stack(nn.Module):
    """A recurrent stack whose last hidden state goes through a linear layer."""

    def __init__(self, recurrent, units, outputs, dropout=0.0):
        super().__init__()
        self.recurrent = recurrent
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(units, outputs)

    def forward(self, x):
        return self.head(self.dropout(self.recurrent(x)[0][:, -1]))


def build(name):
    _, _, features, outputs, _ = SIZES[name]
    return {
        # nn.LSTM drops out between its layers; the last dropout is the stack's.
        "W1": lambda: Stack(nn.LSTM(features, 50, 3, batch_first=True, dropout=0.2), 50, outputs, 0.2),
        "W2": lambda: Stack(nn.LSTM(features, 50, batch_first=True), 50, outputs),
        "W3": lambda: Stack(nn.GRU(features, 128, batch_first=True), 128, outputs),
        "W4": lambda: Stack(nn.LSTM(features, 256, 2, batch_first=True), 256, outputs),
        "W5": lambda: Stack(nn.RNN(features, 64, batch_first=True), 64, outputs),
    }[name]()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--workload", choices=sorted(SIZES), required=True)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--repeat", type=int, default=10)
    options = parser.parse_args()

    torch.manual_seed(1)
    torch.set_num_threads(options.threads)
    samples, steps, features, outputs, batch = SIZES[options.workload]
    x = torch.randn(samples, steps, features)
    y = torch.randint(outputs, (samples,)) if outputs > 1 else torch.randn(samples, outputs)
    model = build(options.workload)
    loss_function = nn.CrossEntropyLoss() if outputs > 1 else nn.MSELoss()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, eps=1e-7)

    def epoch():
        order = torch.randperm(samples)
        for start in range(0, samples, batch):
            index = order[start:start + batch]
            optimizer.zero_grad(set_to_none=True)
            loss = loss_function(model(x[index]), y[index])
            loss.backward()
            optimizer.step()

    warm_up = time.perf_counter()
    while True:
        epoch()
        if time.perf_counter() - warm_up > 1.0:
            break
    seconds = []
    for _ in range(options.repeat):
        start = time.perf_counter()
        epoch()
        seconds.append(time.perf_counter() - start)
    seconds.sort()
    print(json.dumps({
        "workload": options.workload, "mode": "train", "threads": options.threads, "peer": "pytorch " + torch.__version__,
        "min_ms": round(1e3 * seconds[0], 3), "median_ms": round(1e3 * seconds[len(seconds) // 2], 3),
        "max_ms": round(1e3 * seconds[-1], 3),
    }))


if __name__ == "__main__":
    main()
