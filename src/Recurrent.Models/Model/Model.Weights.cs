using Recurrent.Parameters;

namespace Recurrent.Models;

/// <content>The model's parameters, in Keras's order and shapes.</content>
public partial class Model
{
    /// <summary>Number of weights in all parameters.</summary>
    public long ParameterCount => AllParameters.Sum(parameter => (long)parameter.Values.Length);

    /// <summary>Number of weights that are trained: those of layers that are not frozen, without statistics that layers gather
    /// themselves.</summary>
    public long TrainableParameterCount =>
        AllParameters.Where(parameter => parameter.Trainable).Sum(parameter => (long)parameter.Values.Length);

    /// <summary>Every parameter, in the order of <see cref="GetWeights"/>.</summary>
    internal IEnumerable<Parameter> AllParameters => Parameters;

    /// <summary>A copy of every parameter, in Keras's order and shapes: layer by layer, kernel, recurrent kernel, bias.</summary>
    /// <exception cref="InvalidOperationException">The model is not built.</exception>
    public override IReadOnlyList<NDArray> GetWeights()
    {
        RequireBuilt();
        using ParameterGate.Use use = Gate.Read(nameof(GetWeights));
        return [.. AllParameters.Select(parameter => new NDArray(parameter.Shape, parameter.Values.ToArray()))];
    }

    /// <summary>Sets every parameter: the inverse of <see cref="GetWeights"/>.</summary>
    /// <param name="weights">The values, in Keras's order and shapes.</param>
    /// <exception cref="InvalidOperationException">The model is not built.</exception>
    /// <exception cref="ArgumentException">Their number, a shape or a value is wrong; nothing has been changed then.</exception>
    public override void SetWeights(IReadOnlyList<NDArray> weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        RequireBuilt();
        using ParameterGate.Use use = Gate.Change(nameof(SetWeights), within: true);
        SetWeights(weights, $"Model '{Name}'",
            [.. layers.SelectMany(layer => layer.Parameters.Select(parameter => (Layer: layer, Parameter: parameter)))
            .DistinctBy(pair => pair.Parameter, (IEqualityComparer<Parameter>)ReferenceEqualityComparer.Instance)]);
    }

    private protected void RequireBuilt()
    {
        if (!IsBuilt)
        {
            throw new InvalidOperationException(
                $"Model '{Name}' is not built: its input shape is not known. Give the first layer an inputShape, call Build, "
                + "or call Fit.");
        }
    }
}
