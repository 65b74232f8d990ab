using Recurrent.Inspection;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Optimizers;
using Recurrent.Random;

namespace Recurrent.Examples.AddingProblem;

/// <summary>One network on sequences of one length: training on fresh batches until it is good enough or the steps are used
/// up.</summary>
internal sealed class Trial
{
    private const int BatchSize = 32;
    private const int CheckEvery = 100;
    private const double LearningRate = 0.01;

    // Training stops well below the bar, so that the test is passed with room to spare.
    private const double GoodEnough = 0.005;

    private readonly int length;
    private readonly int seed;
    private readonly Sequential model;

    internal Trial(Contender contender, int length, int units, int seed)
    {
        this.length = length;
        this.seed = seed;
        model = new Sequential(name: contender.Name, seed: seed);
        model.Add(contender.Create(units, (length, 2)));
        model.Add(new Dense(1));
        model.Compile(new Adam(LearningRate, globalClipNorm: 1), "mse");
    }

    /// <summary>Number of weights of the network.</summary>
    internal long Weights => model.ParameterCount;

    /// <summary>Trains, and returns the steps that it took.</summary>
    internal int Train(int mostSteps)
    {
        // Stopping is decided on sequences of its own: the test has no part in it.
        AddingSequences validation = Draw(500, purpose: 2);
        var random = new SeededRandom(SeededRandom.Key((ulong)seed, 1));
        for (int step = 1; step <= mostSteps; step++)
        {
            // Every batch is drawn afresh: there is nothing to learn by heart.
            AddingSequences batch = AddingSequences.Draw(BatchSize, length, ref random);
            model.TrainOnBatch(batch.X, batch.Y);
            if (step % CheckEvery == 0 && Error(validation) < GoodEnough)
            {
                return step;
            }
        }

        return mostSteps;
    }

    /// <summary>The mean squared error on 1000 sequences that it has not seen.</summary>
    internal double Test() => Error(Draw(1000, purpose: 3));

    /// <summary>How much of the gradient of the loss reaches each step.</summary>
    internal GradientFlow GradientFlow()
    {
        AddingSequences sequences = Draw(100, purpose: 4);
        return model.GradientFlow(sequences.X, sequences.Y);
    }

    private double Error(AddingSequences sequences) => model.Evaluate(sequences.X, sequences.Y, batchSize: 250)["loss"];

    private AddingSequences Draw(int count, ulong purpose)
    {
        var random = new SeededRandom(SeededRandom.Key((ulong)seed, purpose));
        return AddingSequences.Draw(count, length, ref random);
    }
}
