using Recurrent.Inspection;
using Recurrent.Optimizers;
using Recurrent.Parameters;
using Recurrent.Registration;
using Recurrent.Training;

namespace Recurrent.Models;

/// <content>Finding a learning rate.</content>
public partial class Model
{
    /// <summary>
    /// Tries learning rates on a copy of the model: one batch at each, from the lowest to the greatest, until the loss explodes.
    /// The model itself stays as it is.
    /// </summary>
    /// <param name="x">Inputs.</param>
    /// <param name="y">Targets.</param>
    /// <param name="minLearningRate">The lowest rate, above 0; default 1e-7.</param>
    /// <param name="maxLearningRate">The greatest rate, above the lowest; default 10.</param>
    /// <param name="steps">Number of rates, at least 10; default 100. The data are taken again where they end.</param>
    /// <param name="batchSize">Samples to a batch, those that training will have; default 32.</param>
    /// <param name="sampleWeight">Sample weights, or null.</param>
    /// <param name="custom">Layers and other components of one's own that the model has; null for none.</param>
    /// <param name="cancellationToken">Cancels between batches.</param>
    /// <returns>The loss at each rate, with a suggestion; <see cref="LearningRateCurve.Save"/> draws it.</returns>
    /// <exception cref="InvalidOperationException">The model is not compiled, or another thread is training it.</exception>
    /// <exception cref="ArgumentException">Data or options do not fit.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <example><code>
    /// LearningRateCurve curve = model.FindLearningRate(x, y);
    /// curve.Save("rates.html");
    /// model.Optimizer!.LearningRate = curve.Suggestion ?? 1e-3;
    /// </code></example>
    public LearningRateCurve FindLearningRate(
        ModelData x,
        ModelData y,
        double minLearningRate = 1e-7,
        double maxLearningRate = 10,
        int steps = 100,
        int batchSize = 32,
        ModelData? sampleWeight = null,
        CustomObjects? custom = null,
        CancellationToken cancellationToken = default)
    {
        new OptionCheck(nameof(FindLearningRate))
            .Above(nameof(minLearningRate), minLearningRate, 0)
            .Above(nameof(maxLearningRate), maxLearningRate, minLearningRate)
            .InRange(nameof(maxLearningRate), maxLearningRate)
            .AtLeast(nameof(steps), steps, 10)
            .Positive(nameof(batchSize), batchSize)
            .ThrowIfAny();
        Model copy;
        using (ParameterGate.Use use = Gate.Read(nameof(FindLearningRate)))
        {
            RequireCompiled();
            CheckData(x, y, sampleWeight);
            copy = Clone(custom);
        }

        batchSize = ((ITrained)this).DeclaredBatchSize ?? batchSize;
        TrainingData data = copy.CheckData(x, y, sampleWeight);
        copy.EnsureBuilt(data.Inputs.SampleShapes);
        Optimizer optimizer = copy.Optimizer!.Fresh();
        optimizer.Follow(new ExponentialDecay(minLearningRate, steps - 1, maxLearningRate / minLearningRate));
        copy.Context.Compile(new CompileOptions(optimizer, copy.Compiled!.Outputs));
        copy.Context.PrepareOptimizer();
        (List<(double Rate, double Loss, double Mean)> course, string? end) =
            RateTrial.Run(copy.Context, data, steps, batchSize, cancellationToken);
        return new(Name, optimizer.ClassName, course, end);
    }
}
