using Recurrent.Layers;

namespace Recurrent.Tests.Layers;

/// <summary>The GRU with the reset gate after the recurrent product and before it.</summary>
[TestFixture]
public sealed class GRUContract : LayerContract<GRUContract>, ILayerCases
{
    private const int Kernels = 3 * 3 * (2 + 3);

    public static IEnumerable<LayerCase> Cases =>
        ((bool[])[true, false]).SelectMany(CasesOf);

    private static IEnumerable<LayerCase> CasesOf(bool resetAfter)
    {
        int bias = (resetAfter ? 2 : 1) * 3 * 3;
        string form = resetAfter ? "after" : "before";
        IEnumerable<LayerCase> cases =
        [
            .. Options(Kernels + bias, "tanh", "sigmoid", resetAfter),
            .. Options(Kernels + bias, "silu", "gelu", resetAfter).Select(c => c with { Name = $"silu and gelu, {c.Name}" }),
            .. RecurrentCases.Both("no bias", () => new GRU(3, useBias: false, resetAfter: resetAfter), Kernels),
            .. RecurrentCases.Both("gelu and softmax",
                () => new GRU(3, "gelu", "softmax", returnSequences: true, resetAfter: resetAfter), Kernels + bias),
            .. RecurrentCases.Both(
                "units beyond a vector",
                () => new GRU(11, returnSequences: true, resetAfter: resetAfter),
                3 * 11 * (2 + 11 + (resetAfter ? 2 : 1))),
        ];
        return cases.Select(c => c with { Name = $"{form}, {c.Name}" });
    }

    private static IEnumerable<LayerCase> Options(int weights, string activation, string recurrentActivation, bool resetAfter) =>
        RecurrentCases.Common(weights, (sequences, backwards, zero, dropout, recurrentDropout) => new GRU(
            RecurrentCases.Units,
            activation,
            recurrentActivation,
            returnSequences: sequences,
            goBackwards: backwards,
            zeroOutputForMask: zero,
            dropout: dropout,
            recurrentDropout: recurrentDropout,
            resetAfter: resetAfter));
}
