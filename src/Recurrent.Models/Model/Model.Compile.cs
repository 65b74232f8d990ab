using Recurrent.Losses;
using Recurrent.Optimizers;
using Recurrent.Parameters;
using Recurrent.Training;

namespace Recurrent.Models;

/// <content>Compiling: what the model is trained for.</content>
public partial class Model
{
    // Whether layers have come or gone since the optimizer saw parameters.
    private bool hasOtherLayers;

    /// <summary>Whether <see cref="Compile"/> has been called.</summary>
    public bool IsCompiled => Compiled is not null;

    /// <summary>The optimizer, or null before <see cref="Compile"/>.</summary>
    public Optimizer? Optimizer => Compiled?.Optimizer;

    /// <summary>
    /// The loss of the (first) output; null before <see cref="Compile"/>, and where it is chosen when data are known, as
    /// <c>"ce"</c> is.
    /// </summary>
    public Loss? Loss => Compiled?.Outputs[0].Loss?.Loss;

    /// <summary>What the model was compiled for.</summary>
    internal CompileOptions? Compiled => Context.Compiled;

    /// <summary>How far training has come: with the seed, this determines every further random draw.</summary>
    internal TrainingProgress Progress
    {
        get => Context.Progress;
        set => Context.Progress = value;
    }

    /// <summary>Says how the model is to be trained. A compiled model can be compiled anew; its parameters stay.</summary>
    /// <param name="optimizer">A name such as <c>"adam"</c>, or an object; it belongs to this model from now on.</param>
    /// <param name="loss">
    /// A name such as <c>"mse"</c>, or an object; for several outputs one for all of them, or one for each: a list in their
    /// order, or by their names. The loss of the model is the sum.
    /// </param>
    /// <param name="metrics">
    /// Metrics to report beside the loss; they ignore sample weights. For several outputs a list for each, in order or by name;
    /// they appear as <c>output_mae</c>.
    /// </param>
    /// <param name="weightedMetrics">Metrics to report beside the loss, with sample weights.</param>
    /// <param name="lossWeights">How much the loss of each output counts in the sum; null (the default) for 1.</param>
    /// <exception cref="ArgumentException">
    /// A name is unknown, or what is given for outputs does not fit them; the message lists the valid names and the nearest one.
    /// </exception>
    /// <exception cref="InvalidOperationException">The optimizer already trains another model.</exception>
    public void Compile(
        Optimizer optimizer,
        OutputLosses loss,
        OutputMetrics? metrics = null,
        OutputMetrics? weightedMetrics = null,
        OutputWeights? lossWeights = null)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        ArgumentNullException.ThrowIfNull(loss);
        var assignment = new CompileAssignment(Name, this is Sequential ? null : OutputNames);
        OutputOptions[] outputs = assignment.Of(loss, metrics, weightedMetrics, lossWeights);
        using ParameterGate.Use use = Gate.Change(nameof(Compile));
        Context.Compile(new CompileOptions(optimizer, outputs), OnWarning);
        hasOtherLayers = false;
    }

    private void RequireCompiled()
    {
        if (Compiled is null)
        {
            throw new InvalidOperationException($"Model '{Name}' is not compiled. Call Compile(optimizer, loss) first.");
        }

        if (hasOtherLayers)
        {
            throw new InvalidOperationException(
                $"Layers of model '{Name}' have come or gone since it was trained, and its optimizer remembers the parameters "
                + "that there were. Call Compile with a new optimizer.");
        }
    }
}
