using TorchSharp;
using static TorchSharp.torch;

namespace Recurrent.Benchmarks.Libtorch;

/// <summary>What is timed: an epoch of training, or a prediction.</summary>
internal static class Runs
{
    /// <summary>An epoch: batches in a new order, Adam with Keras's defaults.</summary>
    public static Action Training(Sizes sizes)
    {
        Tensor x = CreateInputs(sizes, sizes.Samples);
        Tensor y = CreateTargets(sizes);
        Tensor? lengths = CreateLengths(sizes, sizes.Samples);
        Network network = Network.Create(sizes);
        optim.Optimizer optimizer = optim.Adam(network.parameters(), lr: 1e-3, eps: 1e-7);
        network.train();
        return () =>
        {
            using DisposeScope epoch = NewDisposeScope();
            Tensor order = randperm(sizes.Samples, ScalarType.Int64);
            for (int start = 0; start < sizes.Samples; start += sizes.BatchSize)
            {
                using DisposeScope step = NewDisposeScope();
                Tensor chosen = order.slice(0, start, Math.Min(start + sizes.BatchSize, sizes.Samples), 1);
                optimizer.zero_grad();
                Tensor output = network.call(x.index_select(0, chosen), lengths?.index_select(0, chosen));
                Tensor target = y.index_select(0, chosen);
                Tensor loss = sizes.HasLabels
                    ? nn.functional.cross_entropy(output.reshape(-1, sizes.Outputs), target.reshape(-1))
                    : nn.functional.mse_loss(output, target);
                loss.backward();
                optimizer.step();
            }
        };
    }

    /// <summary>A prediction of some samples at once; of classes the probabilities.</summary>
    public static Action Prediction(Sizes sizes, int samples)
    {
        Tensor x = CreateInputs(sizes, samples);
        Tensor? lengths = CreateLengths(sizes, samples);
        Network network = Network.Create(sizes);
        network.eval();
        Predict(check: true);
        return () => Predict(check: false);

        void Predict(bool check)
        {
            using DisposeScope scope = NewDisposeScope();
            using IDisposable inference = inference_mode();
            Tensor output = network.call(x, lengths);
            if (sizes.HasLabels)
            {
                output = nn.functional.softmax(output, -1);
            }

            if (check)
            {
                Check(output, (long)samples * Math.Max(1, sizes.DecoderSteps) * sizes.Outputs);
            }
        }
    }

    private static void Check(Tensor output, long count)
    {
        if (output.numel() != count || !output.isfinite().all().item<bool>())
        {
            throw new InvalidOperationException($"The output has the wrong shape or values: {output}.");
        }
    }

    private static Tensor CreateInputs(Sizes sizes, int samples) => randn(samples, sizes.Steps, sizes.Features);

    private static Tensor CreateTargets(Sizes sizes)
    {
        if (!sizes.HasLabels)
        {
            return randn(sizes.Samples, sizes.Outputs);
        }

        long[] shape = sizes.DecoderSteps > 0 ? [sizes.Samples, sizes.DecoderSteps] : [sizes.Samples];
        return randint(0, sizes.Outputs, shape, ScalarType.Int64);
    }

    private static Tensor? CreateLengths(Sizes sizes, int samples) =>
        sizes.LengthsDiffer ? randint(Sizes.LeastSteps, sizes.Steps + 1, samples, ScalarType.Int64) : null;
}
