using Recurrent.Layers;
using Recurrent.Parameters;

namespace Recurrent.Tests.Layers;

/// <summary>A recurrent layer with weights given by name, run forward over one sequence of one sample.</summary>
internal sealed class CellRun
{
    private readonly RecurrentLayer layer;
    private readonly RecurrentPass pass;
    private readonly SequenceBatch input;

    /// <summary>Builds the layer.</summary>
    /// <param name="layer">The layer, which gives its output at every step.</param>
    /// <param name="x">The steps, each a list of features.</param>
    public CellRun(RecurrentLayer layer, params Real[][] x)
    {
        this.layer = layer;
        input = new SequenceBatch((x.Length, x[0].Length), 1);
        for (int t = 0; t < x.Length; t++)
        {
            x[t].CopyTo(input.Step(t).Values);
        }

        layer.Build(input.SampleShape, seed: 1);
        pass = (RecurrentPass)layer.CreatePass(new(input.SampleShape, 1, Differentiable: true, InputGradient: true));
    }

    /// <summary>The parameters by name.</summary>
    public Parameter this[string name] => layer.Parameters.Single(p => p.Name == name);

    /// <summary>Sets a parameter; the values in Keras's row-major order.</summary>
    public CellRun Set(string name, params double[] values)
    {
        Assert.That(this[name].Size, Is.EqualTo(values.Length), name);
        for (int i = 0; i < values.Length; i++)
        {
            this[name].Values[i] = (Real)values[i];
        }

        this[name].MarkChanged();
        return this;
    }

    /// <summary>Sets an initial state.</summary>
    public CellRun Start(int state, params double[] values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            pass.InitialStates[state].Values[i] = (Real)values[i];
        }

        return this;
    }

    /// <summary>The outputs of all steps, one after the other.</summary>
    public Real[] Outputs()
    {
        layer.Prepare();
        pass.Begin(training: false, key: 1);
        return layer.Forward(pass, input).Values.Values;
    }

    /// <summary>A state after the last step.</summary>
    public Real[] FinalState(int state)
    {
        DenseMatrix[] states = [.. layer.StateSizes.Select(rows => new DenseMatrix(rows, 1))];
        layer.GetFinalState(pass, states, 0);
        return states[state].Values;
    }
}
