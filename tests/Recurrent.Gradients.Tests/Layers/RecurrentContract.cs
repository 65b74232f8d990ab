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
    public const int Rows = 5;

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

    /// <summary>A case as it is, and with a mask.</summary>
    public static LayerCase[] Both(string name, Func<Layer> create, int weights)
    {
        LayerCase plain = Case(name, create, weights);
        return [plain, plain with { Name = $"{name}, mask", Mask = HoledMask }];
    }

    /// <summary>What all recurrent layers have in common, for one of them.</summary>
    /// <param name="weights">Number of weights with bias.</param>
    /// <param name="create">Makes the layer with the options (returnSequences, goBackwards, zeroOutputForMask, dropout,
    /// recurrentDropout).</param>
    public static IEnumerable<LayerCase> Common(int weights, Func<bool, bool, bool, double, double, Layer> create)
    {
        foreach (bool sequences in (bool[])[false, true])
        {
            foreach (bool backwards in (bool[])[false, true])
            {
                string name = (sequences ? "sequences" : "last") + (backwards ? ", backwards" : string.Empty);
                foreach ((string masked, bool[]? mask) in ((string, bool[]?)[])[(string.Empty, null), (", mask", HoledMask),
                    (", a sequence masked whole", WhollyMasked)])
                {
                    LayerCase plain = Case($"{name}{masked}", () => create(sequences, backwards, false, 0, 0), weights)
                        with
                    { Mask = mask };
                    yield return plain;
                    yield return plain with
                    {
                        Name = $"{plain.Name}, dropout",
                        Create = () => create(sequences, backwards, false, 0.4, 0.4),
                        Training = true,
                    };
                    if (mask is not null)
                    {
                        yield return plain
                            with
                        { Name = $"{plain.Name}, zero output", Create = () => create(sequences, backwards, true, 0, 0) };
                    }
                }
            }
        }

        yield return Case("recurrent dropout alone", () => create(true, false, false, 0, 0.5), weights) with { Training = true };
        yield return Case("input dropout alone", () => create(true, false, false, 0.5, 0), weights) with { Training = true };
        yield return Case("dropout outside training", () => create(true, false, false, 0.5, 0.5), weights);
        yield return Case("one sample", () => create(true, false, false, 0, 0), weights) with { Batch = 1 };
    }

    /// <summary>A case with steps of several rows of features, as convolutions take them, where it has steps of one.</summary>
    public static LayerCase OfRows(LayerCase layerCase) => layerCase with
    {
        Sample = (Steps, Rows, Features),
        Mask = layerCase.Mask is null ? null
        : [.. layerCase.Mask.Chunk(Batch).SelectMany(step => Enumerable.Repeat(step, Rows).SelectMany(row => row))],
    };

    /// <summary>Gives the pass of a recurrent layer random states to begin with, and names them.</summary>
    public static Leaf[] InitialStates(Pass pass)
    {
        var own = (RecurrentPass)pass;
        ulong index = 100;
        foreach (DenseMatrix state in own.InitialStates)
        {
            LayerRun.FillRandomly(state.Values, index++);
        }

        return [.. own.InitialStates.Select((state, i) => new Leaf(
            $"initial state {i}", state.Values, () => own.InitialStateGradients.Count > 0 ? own.InitialStateGradients[i].Values
                : []))];
    }
}
