using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Random;

namespace Recurrent.Training;

/// <summary>One update of a model's parameters: forward, loss, backward, optimizer.</summary>
internal sealed class TrainStep
{
    private readonly Model model;
    private readonly TrainingData data;

    public TrainStep(Model model, TrainingData data)
    {
        this.model = model;
        this.data = data;
    }

    /// <summary>Makes the optimizer ready, which it is not for a model that another one is trained by.</summary>
    /// <exception cref="InvalidOperationException">The optimizer trains other parameters.</exception>
    public void Prepare() => model.Optimizer!.Build(model.Runner.TrainableParameters);

    /// <summary>Does the update.</summary>
    /// <param name="samples">The batch.</param>
    /// <param name="batch">The batch with its outputs and targets; the caller returns it to the runner.</param>
    /// <returns>The loss before the update, penalties included.</returns>
    public double Run(ReadOnlyMemory<int> samples, out ShardedBatch batch) =>
        Run(samples, model.StatesFor(samples.Length, samples.Length, out _), out batch);

    /// <summary>Does the update, and leaves behind the states that the batch ended with.</summary>
    /// <param name="samples">The batch.</param>
    /// <param name="carried">States to go on from, or null.</param>
    /// <param name="batch">The batch with its outputs and targets; the caller returns it to the runner.</param>
    /// <returns>The loss before the update, penalties included.</returns>
    public double Run(ReadOnlyMemory<int> samples, StateStore? carried, out ShardedBatch batch)
    {
        double loss = ComputeGradients(samples, true, carried, out batch);
        model.Optimizer!.Apply(batch.Gradients, model.MaxDegreeOfParallelism);
        model.Progress = model.Progress with { Steps = model.Progress.Steps + 1 };
        return loss;
    }

    /// <summary>Computes loss and gradients, penalties included, and changes nothing.</summary>
    /// <param name="samples">The batch.</param>
    /// <param name="training">Whether layers behave as in training.</param>
    /// <param name="carried">States to go on from, or null.</param>
    /// <param name="batch">The batch with its gradients; the caller returns it to the runner.</param>
    public double ComputeGradients(ReadOnlyMemory<int> samples, bool training, StateStore? carried, out ShardedBatch batch)
    {
        BatchRunner runner = model.Runner;
        runner.Prepare();
        batch = runner.Rent(data.Inputs.ShapesOf(samples.Span), samples.Length, differentiable: true);
        ulong key = SeededRandom.Key((ulong)model.Seed ^ 0x5354455053UL, (ulong)model.Progress.Steps);
        batch.Backward(data, samples, training, key, model.MaxDegreeOfParallelism, carried);
        Penalties.AddGradients(runner.TrainableParameters, batch.Gradients);
        return batch.Loss + Penalties.Sum(runner.TrainableParameters);
    }
}
