namespace Recurrent.Onnx.Export;

/// <summary>The states that come into a graph and go out of it.</summary>
/// <param name="writer">The graph.</param>
/// <param name="all">Whether all states are given, and not only those of stateful layers.</param>
internal sealed class StatePorts(GraphWriter writer, bool all)
{
    private readonly List<(string Name, Tensor Value, object[] Axes)> next = [];

    /// <summary>Whether the states of a layer are given.</summary>
    public bool Has(bool stateful) => all || stateful;

    /// <summary>A state that comes in.</summary>
    /// <param name="name">Its name: <c>lstm.hidden</c>.</param>
    /// <param name="axes">Its axes behind that of the batch.</param>
    public Tensor In(string name, params object[] axes) => writer.Input(name, ElementType.Float, ["batch", .. axes]);

    /// <summary>What it is afterwards.</summary>
    public void Out(string name, Tensor value, params object[] axes) => next.Add(($"{name}.next", value, ["batch", .. axes]));

    /// <summary>Makes them outputs, behind those of the model.</summary>
    public void Finish()
    {
        foreach ((string name, Tensor value, object[] axes) in next)
        {
            writer.Output(name, value, ElementType.Float, axes);
        }
    }
}
