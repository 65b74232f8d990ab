namespace Recurrent.Onnx;

/// <summary>How a model is written to an ONNX file.</summary>
public sealed record OnnxOptions
{
    /// <summary>The options where none are given.</summary>
    public static OnnxOptions Default { get; } = new();

    /// <summary>Version of the operators, from 18 to 22; default 18.</summary>
    public int Opset { get; init; } = 18;

    /// <summary>
    /// Whether the states that layers carry from step to step are inputs and outputs of the graph too, so that a runtime can go
    /// on where it ended: <c>lstm.hidden</c> comes in, <c>lstm.hidden.next</c> goes out, each (batch, size), zeros at the
    /// beginning. Default false: a run begins with zero, but for layers with <c>stateful: true</c>, whose states are always
    /// given.
    /// </summary>
    public bool States { get; init; }
}
