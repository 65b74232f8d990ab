using Recurrent.Layers;
using Recurrent.Parameters;

namespace Recurrent.Tests.Layers;

/// <summary>Gradients of a loss on the output and on all final states, held to measured slopes.</summary>
internal static class FinalStateSlopes
{
    /// <summary>Holds a gradient to the slopes of a loss along some numbers.</summary>
    public delegate void AssertSlopes(
        Real[] gradient, Real[] values, Func<double> loss, string what, Func<int, bool>? except = null);

    /// <summary>Checks the gradients of input, initial states and parameters.</summary>
    /// <param name="layerCase">A recurrent layer.</param>
    /// <param name="assert">Checks one of them.</param>
    public static void Check(LayerCase layerCase, AssertSlopes assert)
    {
        var run = new LayerRun(layerCase);
        var pass = (RecurrentPass)run.Pass;
        DenseMatrix[] weights = [.. pass.FinalStateGradients.Select(g => new DenseMatrix(g.RowCount, g.ColumnCount))];
        for (int i = 0; i < weights.Length; i++)
        {
            LayerRun.FillRandomly(weights[i].Values, (ulong)(200 + i));
        }

        double Loss()
        {
            double loss = run.Loss();
            for (int i = 0; i < weights.Length; i++)
            {
                loss += pass.FinalState(i).Values.ToArray().Zip(weights[i].Values, (s, w) => s * w).Sum();
            }

            return loss;
        }

        run.Forward();
        for (int i = 0; i < weights.Length; i++)
        {
            weights[i].Values.CopyTo(pass.FinalStateGradients[i].Values, 0);
        }

        Real[] inputGradient = [.. run.Backward()!.Values];
        Real[][] gradients = [.. run.Leaves.Select(leaf => leaf.Gradient().ToArray())];
        Real[][] parameterGradients = [.. pass.Gradients.Select(gradient => gradient.Values.ToArray())];
        assert(inputGradient, run.Input.Values.Values, Loss, "input");
        for (int i = 0; i < gradients.Length; i++)
        {
            assert(gradients[i], run.Leaves[i].Values, Loss, run.Leaves[i].Name);
        }

        for (int i = 0; i < parameterGradients.Length; i++)
        {
            Parameter parameter = run.Layer.Parameters[i];
            assert(
                parameterGradients[i],
                parameter.Value.Values,
                () =>
                {
                    parameter.MarkChanged();
                    return Loss();
                },
                parameter.Name);
            parameter.MarkChanged();
        }
    }
}
