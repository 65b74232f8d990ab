// docs/cells/s6.md shows this file between the two lines; MambaDocsTests holds the two together.
// <example>
using Recurrent.Layers;
using Recurrent.Models;

internal static class Mamba
{
    public static Model Create(int timesteps, int features, int width)
    {
        var x = new Input((timesteps, features));
        return new Model(x, new Dense(1).Call(new Add().Call([x, Block(x, features, width)])));
    }

    private static Symbol Block(Symbol x, int features, int width)
    {
        Symbol inner = new Dense(width).Call(x);
        inner = new Conv1D(width, 4, padding: "causal", groups: width, activation: "silu").Call(inner);
        Symbol y = new S6(width, projectInput: false, returnSequences: true).Call(inner);
        Symbol gate = new Dense(width, "silu").Call(x);
        return new Dense(features).Call(new Multiply().Call([y, gate]));
    }
}
// </example>
