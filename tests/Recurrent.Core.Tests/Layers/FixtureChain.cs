using Recurrent.Layers;
using Recurrent.Parameters;
using Recurrent.Shapes;
using static Recurrent.Tests.Layers.FixtureAssert;

namespace Recurrent.Tests.Layers;

/// <summary>The layers of a sequential model in a fixture, one after the other, with the fixture's weights.</summary>
public sealed class FixtureChain
{
    private readonly List<Pass> passes = [];

    private FixtureChain(IReadOnlyList<Layer> layers) => Layers = layers;

    /// <summary>The layers.</summary>
    public IReadOnlyList<Layer> Layers { get; }

    /// <summary>The parameters of all layers.</summary>
    public IReadOnlyList<Parameter> Parameters => [.. Layers.SelectMany(layer => layer.Parameters)];

    /// <summary>The gradients of all parameters but statistics.</summary>
    public IReadOnlyList<DenseMatrix> Gradients =>
        [.. Parameters.Zip(passes.SelectMany(pass => pass.Gradients)).Where(pair => !pair.First.IsStatistic)
            .Select(pair => pair.Second)];

    /// <summary>Builds the layers and sets their weights.</summary>
    public static FixtureChain Build(FixtureCase fixture)
    {
        var chain = new FixtureChain([.. fixture.Layers().Select(LayerNames.Registry.Create)]);
        Shape shape = chain.Layers[0].DeclaredInputShape!;
        foreach (Layer layer in chain.Layers)
        {
            layer.Build(shape, seed: 1);
            shape = layer.OutputShape!;
        }

        LoadWeights(chain.Parameters, fixture);

        return chain;
    }

    /// <summary>One forward pass in inference mode.</summary>
    public SequenceBatch Forward(NDArray input)
    {
        passes.Clear();
        SequenceBatch batch = Batches.Of(input);
        foreach (Layer layer in Layers)
        {
            Pass pass = layer.CreatePass(new(batch.SampleShape, batch.BatchSize, Differentiable: true, InputGradient: true));
            layer.Prepare();
            pass.Begin(training: false, key: 1);
            passes.Add(pass);
            batch = layer.Forward(pass, batch);
        }

        return batch;
    }

    /// <summary>The backward pass of the last forward pass: the gradient of the input.</summary>
    public SequenceBatch Backward(NDArray cotangent)
    {
        DenseMatrix gradient = Batches.Of(cotangent).Values;
        for (int i = Layers.Count - 1; i >= 0; i--)
        {
            gradient = Layers[i].Backward(passes[i], gradient)!;
        }

        return new(passes[0].Options.InputShape, passes[0].Options.BatchSize, gradient);
    }
}
