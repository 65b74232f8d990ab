using System.Numerics.Tensors;
using Recurrent.Parameters;

namespace Recurrent.Layers;

/// <content>The layer's parameters as arrays.</content>
public abstract partial class Layer
{
    private ParameterGate? gate;

    /// <summary>A copy of every parameter, in Keras's order and shapes: kernel, recurrent kernel, bias.</summary>
    /// <exception cref="InvalidOperationException">The layer is not built, or another thread is training a model of
    /// it.</exception>
    public virtual IReadOnlyList<NDArray> GetWeights()
    {
        RequireParameters();
        using ParameterGate.Use use = gate?.Read(nameof(GetWeights), Introduction) ?? default;
        return [.. Parameters.Select(parameter => new NDArray(parameter.Shape, parameter.Values.ToArray()))];
    }

    /// <summary>Sets every parameter: the inverse of <see cref="GetWeights"/>.</summary>
    /// <param name="weights">The values, in Keras's order and shapes.</param>
    /// <exception cref="InvalidOperationException">The layer is not built, or another thread works with a model of
    /// it.</exception>
    /// <exception cref="ArgumentException">Their number, a shape or a value is wrong; nothing has been changed then.</exception>
    public virtual void SetWeights(IReadOnlyList<NDArray> weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        RequireParameters();
        using ParameterGate.Use use = gate?.Change(nameof(SetWeights), Introduction, within: true) ?? default;
        SetWeights(weights, Introduction, [.. Parameters.Select(parameter => (this, parameter))]);
    }

    /// <summary>Sets parameters, all or none.</summary>
    /// <param name="weights">The values.</param>
    /// <param name="owner">Who has the parameters, for messages.</param>
    /// <param name="targets">The parameters, with their layers.</param>
    private protected static void SetWeights(IReadOnlyList<NDArray> weights, string owner,
        (Layer Layer, Parameter Parameter)[] targets)
    {
        if (weights.Count != targets.Length)
        {
            throw new ArgumentException($"{owner} has {targets.Length} parameters, but {weights.Count} arrays were given.",
                nameof(weights));
        }

        for (int i = 0; i < targets.Length; i++)
        {
            if (weights[i] is null)
            {
                throw new ArgumentException($"weights[{i}] is null.", nameof(weights));
            }

            (Layer layer, Parameter parameter) = targets[i];
            if (!weights[i].Shape.SequenceEqual(parameter.Shape))
            {
                throw new ArgumentException(
                    $"Parameter {i}, '{parameter.Name}' of {layer.Introduction}, has shape "
                    + $"{NDArray.Describe(parameter.Shape)}, but the array given has shape {NDArray.Describe(weights[i].Shape)}.",
                    nameof(weights));
            }

            weights[i].RequireFinite($"weights[{i}]");
        }

        for (int i = 0; i < targets.Length; i++)
        {
            weights[i].Values.CopyTo(targets[i].Parameter.Values);
            targets[i].Parameter.MarkChanged();
        }
    }

    /// <summary>Gathers the gates of the layer and of those inside it; where one has none yet, it gets the given one.</summary>
    internal virtual void CollectGates(ParameterGate own, List<ParameterGate> found)
    {
        ParameterGate mine = Interlocked.CompareExchange(ref gate, own, null) ?? own;
        if (!found.Contains(mine))
        {
            found.Add(mine);
        }

        foreach (Layer inner in Inner)
        {
            inner.CollectGates(own, found);
        }
    }

    /// <summary>Leaves a gate that the layer goes through no longer.</summary>
    internal void LeaveGate(ParameterGate left) => Interlocked.CompareExchange(ref gate, null, left);

    /// <summary>Begins to change what the layer has learnt, which nobody else may read or change meanwhile.</summary>
    /// <param name="method">The method that changes it, for messages.</param>
    private protected ParameterGate.Use Changing(string method) => gate?.Change(method, Introduction, within: true) ?? default;

    private void RequireParameters()
    {
        if (InputShape is null)
        {
            throw new InvalidOperationException(
                $"{Introduction} has no parameters yet: its input shape is not known. Build its model, or call Build or "
                + "Call first.");
        }
    }
}
