using Recurrent.Parameters;
using Recurrent.Registration;

namespace Recurrent.Optimizers;

/// <summary>Turns gradients into updates of the parameters. It belongs to one model: it holds slots (moments) for its parameters.</summary>
public abstract class Optimizer : IConfigurable
{
    /// <inheritdoc/>
    public abstract string ClassName { get; }

    /// <summary>Number of updates done.</summary>
    public long Iterations { get; protected set; }

    /// <summary>Allocates the slots of the parameters to train.</summary>
    /// <param name="parameters">The trainable parameters, in the order in which gradients will come.</param>
    public abstract void Build(IReadOnlyList<Parameter> parameters);

    /// <summary>Does one update: clipping, weight decay, the step, constraints.</summary>
    /// <param name="gradients">One gradient for each parameter, in the order of <see cref="Build"/>; may be overwritten.</param>
    public abstract void Apply(IReadOnlyList<DenseMatrix> gradients);

    /// <inheritdoc/>
    public abstract Config GetConfig();

    /// <summary>The optimizer of a name, such as <c>"adam"</c>, with its default options.</summary>
    /// <param name="name">One of <see cref="OptimizerNames.Registry"/>'s names.</param>
    /// <exception cref="ConfigException">The name is unknown; the message lists the valid names and the nearest one.</exception>
    public static implicit operator Optimizer(string name) => OptimizerNames.Registry.Create(name);
}
