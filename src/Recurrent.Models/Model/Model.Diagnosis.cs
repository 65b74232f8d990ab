using System.Numerics.Tensors;
using Recurrent.Diagnosing;
using Recurrent.Inspection;
using Recurrent.Parameters;
using Recurrent.Registration;
using Recurrent.Training;

namespace Recurrent.Models;

/// <content>Saying what is likely wrong.</content>
public partial class Model
{
    /// <summary>
    /// Looks for what is likely wrong: inputs that are unscaled, constant or know the target; units that are dead or saturated;
    /// gradients that vanish or explode through time; a learning rate that is too high or too low; validation windows that share
    /// steps with training windows; classes out of balance; a loss or metric that does not fit. The model stays as it is: a
    /// copy of it is run and trained for a few updates.
    /// </summary>
    /// <param name="x">Inputs, as for <c>Fit</c>.</param>
    /// <param name="y">Targets.</param>
    /// <param name="validationSplit">Share of the samples, taken from the end, that <c>Fit</c> is to validate on; default
    /// 0.</param>
    /// <param name="validationData">Data to validate on, in place of <paramref name="validationSplit"/>.</param>
    /// <param name="sampleWeight">Sample weights, or null.</param>
    /// <param name="batchSize">Samples to a batch in training; default 32.</param>
    /// <param name="custom">Layers and other components of one's own that the model has; null for none.</param>
    /// <returns>The findings, each with a line of advice; none where nothing was found.</returns>
    /// <exception cref="InvalidOperationException">The model is not compiled, or another thread is training it.</exception>
    /// <exception cref="ArgumentException">Data or options do not fit.</exception>
    public Diagnosis Diagnose(
        ModelData x,
        ModelData y,
        double validationSplit = 0,
        ValidationData? validationData = null,
        ModelData? sampleWeight = null,
        int batchSize = 32,
        CustomObjects? custom = null)
    {
        new OptionCheck(nameof(Diagnose))
            .Rate(nameof(validationSplit), validationSplit)
            .Require(validationSplit == 0 || validationData is null, "give validationSplit or validationData, not both")
            .Positive(nameof(batchSize), batchSize)
            .ThrowIfAny();
        using ParameterGate.Use use = Gate.Read(nameof(Diagnose));
        RequireCompiled();
        TrainingData data = CheckData(x, y, sampleWeight);
        if (IsBuilt && NotFinite() is { } finding)
        {
            return new(Name, [finding], null);
        }

        batchSize = ((ITrained)this).DeclaredBatchSize ?? batchSize;
        Model copy = Copy();
        TrainingData own = copy.CheckData(x, y, sampleWeight);
        int validating = validationSplit > 0 ? own.Count - FitData.Kept(own.Count, validationSplit) : 0;
        TrainingData training = validating == 0 ? own : own.Slice(0, own.Count - validating);
        SampleSet? validation = validationData is not null
            ? copy.CheckData(validationData.X, validationData.Y, validationData.SampleWeight, nameof(validationData)).Inputs
            : validating > 0 ? own.Slice(own.Count - validating, validating).Inputs : null;
        var findings = new List<Finding>();
        findings.AddRange(InputCheck.Of(copy.Context, training));
        findings.AddRange(LeakCheck.Of(copy.Context, training));
        findings.AddRange(BalanceCheck.Of(training));
        findings.AddRange(TrainingAdvice.For(copy.Context, training)
            .Where(advice => !advice.Topic.StartsWith("input ", StringComparison.Ordinal))
            .Select(advice => new Finding(FindingKind.Misfit, advice.Topic, double.NaN, advice.Text, string.Empty)));
        if (validation is not null && SplitCheck.Of(copy.Context, training.Inputs, validation) is { } leak)
        {
            findings.Add(leak);
        }

        findings.AddRange(ActivityCheck.Of(copy.Context, training));
        GradientFlow? flow = FlowCheck.Measure(copy.Context, training);
        findings.AddRange(flow is null ? [] : FlowCheck.Of(flow));
        if (RateCheck.Of(Optimizer!, Another, batchSize) is { } rate)
        {
            findings.Add(rate);
        }

        return new(Name, findings, flow);

        Model Copy()
        {
            Model made = Clone(custom);
            made.EnsureBuilt(data.Inputs.SampleShapes);
            return made;
        }

        (TrainingContext Context, TrainingData Data) Another()
        {
            Model made = Copy();
            TrainingData all = made.CheckData(x, y, sampleWeight);
            return (made.Context, validating == 0 ? all : all.Slice(0, all.Count - validating));
        }
    }

    private Finding? NotFinite()
    {
        (string path, Parameter? spoiled) = NamedParameters.FirstOrDefault(
            named => !TensorPrimitives.IsFiniteAll<Real>(named.Parameter.Values));
        return spoiled is null ? null : new(FindingKind.NotFinite, path, double.NaN,
            $"'{path}' holds a number that is not finite: whatever the model predicts is none either.",
            "Load the last good weights, or make the model anew, and train with a lower rate or clipped gradients "
            + "(clipNorm: 1).");
    }
}
