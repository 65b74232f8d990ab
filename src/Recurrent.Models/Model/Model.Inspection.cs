using Recurrent.Inspection;
using Recurrent.Layers;
using Recurrent.Parameters;
using Recurrent.Training;

namespace Recurrent.Models;

/// <content>Looking inside: what gates and states do, and how far the gradient reaches.</content>
public partial class Model
{
    /// <summary>Runs the model and keeps what happens inside its recurrent layers: gates, states and outputs over time.</summary>
    /// <param name="x">Inputs; all of them are run at once, so a few sequences are enough. Stateful layers begin at zero.</param>
    /// <exception cref="InvalidOperationException">The model is not built.</exception>
    /// <exception cref="ArgumentException">The data do not fit.</exception>
    public ModelTrace Trace(ModelData x)
    {
        using ParameterGate.Use use = Gate.Read(nameof(Trace));
        RequireBuilt();
        SampleSet inputs = CheckInputs(x, nameof(x));
        Runner.Prepare();

        // One shard that could go backward: its passes keep all steps.
        var shard = new Shard(Network, [], Network.InferShapes(inputs.SampleShapes), 0, inputs.Count, threads: 1);
        shard.Forward(inputs, AllSamples(inputs.Count), training: false, key: 0, states: null);
        return new(Name, [.. shard.Pass.RecurrentRuns().Select(Inspector.Trace)]);
    }

    /// <summary>Measures how much of the gradient of the compiled loss reaches each step of each recurrent layer.</summary>
    /// <param name="x">Inputs; all of them are one batch. Stateful layers begin at zero.</param>
    /// <param name="y">Targets.</param>
    /// <param name="sampleWeight">Sample weights, or null.</param>
    /// <exception cref="InvalidOperationException">The model is not compiled or not built.</exception>
    /// <exception cref="ArgumentException">The data do not fit.</exception>
    public GradientFlow GradientFlow(ModelData x, ModelData y, ModelData? sampleWeight = null)
    {
        using ParameterGate.Use use = Gate.Read(nameof(GradientFlow));
        RequireCompiled();
        RequireBuilt();
        TrainingData data = CheckData(x, y, sampleWeight);
        Runner.Prepare();

        // With all parameters, so that the gradient goes on to layers that are not trained.
        var batch = new ShardedBatch(Network, Network.Parameters, data.Inputs.SampleShapes, data.Count,
            shardCount: 1, threads: 1);
        RecurrentRun[] recurrences = [.. batch.Shards[0].Pass.RecurrentRuns()];
        foreach (RecurrentRun recurrence in recurrences)
        {
            recurrence.MeasureGradients();
        }

        batch.Backward(data, AllSamples(data.Count), false, 0, MaxDegreeOfParallelism, carried: null);
        return new(Name, batch.Loss, [.. recurrences.Select(recurrence => new LayerGradientFlow(
            recurrence.Path, recurrence.GradientNorms()))]);
    }

    internal override IEnumerable<RecurrentRun> RecurrentRuns(Pass pass, string path) => ((ModelPass)pass).RecurrentRuns(path);
}
