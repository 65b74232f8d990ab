using Recurrent.Layers;
using Recurrent.Shapes;

namespace Recurrent.Tests.Layers;

/// <summary>The cases on which recurrent layers keep the contract: options × masks, each with a random initial state.</summary>
internal static class RecurrentCases
{
    public const int Units = 3;
    public const int Steps = 4;
    public const int Features = 2;
    public const int Batch = 3;

    public static readonly Shape Sample = (Steps, Features);

    /// <summary>Left padding, a hole inside, right padding; columns are (time, batch).</summary>
    public static readonly bool[] HoledMask =
    [
        false, true, true,
        false, false, true,
        true, true, true,
        true, true, false,
    ];

    /// <summary>The second sample is padding from its first step to its last.</summary>
    public static readonly bool[] WhollyMasked =
    [
        true, false, true,
        true, false, true,
        true, false, false,
        false, false, true,
    ];

    /// <summary>A case with random initial states, whose gradients are checked too.</summary>
    public static LayerCase Case(string name, Func<Layer> create, int weights) => new(name, create, Sample, weights)
    {
        Batch = Batch,
        Leaves = InitialStates,
    };

    /// <summary>What all recurrent layers have in common, for one of them.</summary>
    /// <param name="weights">Number of weights with bias.</param>
    /// <param name="create">Makes the layer with the options (returnSequences, goBackwards, zeroOutputForMask, dropout, recurrentDropout).</param>
    public static IEnumerable<LayerCase> Common(int weights, Func<bool, bool, bool, double, double, Layer> create)
    {
        foreach (bool sequences in (bool[])[false, true])
        {
            foreach (bool backwards in (bool[])[false, true])
            {
                string name = (sequences ? "sequences" : "last") + (backwards ? ", backwards" : string.Empty);
                yield return Case(name, () => create(sequences, backwards, false, 0, 0), weights);
                yield return Case($"{name}, mask", () => create(sequences, backwards, false, 0, 0), weights) with { Mask = HoledMask };
                yield return Case($"{name}, mask, zero output", () => create(sequences, backwards, true, 0, 0), weights) with { Mask = HoledMask };
                yield return Case($"{name}, dropout", () => create(sequences, backwards, false, 0.4, 0.4), weights) with
                {
                    Training = true,

                    // The masks are drawn for the whole batch, but each factor belongs to one sample.
                    SamplesAreIndependent = true,
                };
            }
        }

        yield return Case("a sequence masked whole", () => create(true, false, false, 0, 0), weights) with { Mask = WhollyMasked };
        yield return Case("recurrent dropout alone", () => create(true, false, false, 0, 0.5), weights) with { Training = true };
        yield return Case("input dropout alone", () => create(true, false, false, 0.5, 0), weights) with { Training = true };
        yield return Case("dropout outside training", () => create(true, false, false, 0.5, 0.5), weights);
        yield return Case("one sample", () => create(true, false, false, 0, 0), weights) with { Batch = 1 };
    }

    private static Leaf[] InitialStates(Pass pass)
    {
        var own = (RecurrentPass)pass;
        ulong index = 100;
        foreach (DenseMatrix state in own.InitialStates)
        {
            LayerRun.FillRandomly(state.Values, index++);
        }

        return [.. own.InitialStates.Select((state, i) => new Leaf(
            $"initial state {i}", state.Values, () => own.InitialStateGradients.Count > 0 ? own.InitialStateGradients[i].Values : []))];
    }
}
