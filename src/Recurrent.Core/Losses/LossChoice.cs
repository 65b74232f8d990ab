using System.Diagnostics.CodeAnalysis;
using Recurrent.Registration;

namespace Recurrent.Losses;

/// <summary>
/// What a model is compiled with as a loss: a <see cref="Loss"/>, or a choice among several that is made when outputs and
/// targets are known, such as <see cref="Crossentropy"/>. Losses and names convert to it.
/// </summary>
public abstract class LossChoice : IConfigurable
{
    private protected LossChoice()
    {
    }

    /// <summary>The loss, where it is one; null where it is still to be chosen.</summary>
    public virtual Loss? Loss => null;

    /// <inheritdoc/>
    public abstract string ClassName { get; }

    /// <summary>Name of the loss, as a metric of the same function is called.</summary>
    public abstract string Name { get; }

    /// <summary>The loss to train with.</summary>
    /// <param name="predictionRows">Number of outputs of the model.</param>
    /// <param name="targetRows">Rows of the targets: 1 for integer labels.</param>
    public abstract Loss For(int predictionRows, int targetRows);

    /// <inheritdoc/>
    public abstract Config GetConfig();

    /// <summary>What a name stands for, with its default options.</summary>
    /// <param name="name">One of <see cref="LossNames.Choices"/>'s names; null stays null.</param>
    /// <exception cref="ConfigException">The name is unknown; the message lists the valid names and the nearest one.</exception>
    [return: NotNullIfNotNull(nameof(name))]
    public static implicit operator LossChoice?(string? name) => name is null ? null : LossNames.Choices.Create(name);

    /// <summary>A loss, of which there is nothing left to choose.</summary>
    /// <param name="loss">The loss; null stays null.</param>
    [return: NotNullIfNotNull(nameof(loss))]
    public static implicit operator LossChoice?(Loss? loss) => loss is null ? null : new Made(loss);

    /// <summary>One loss whatever outputs and targets are.</summary>
    private sealed class Made(Loss loss) : LossChoice
    {
        public override Loss Loss => loss;

        public override string ClassName => loss.ClassName;

        public override string Name => loss.Name;

        public override Loss For(int predictionRows, int targetRows) => loss;

        public override Config GetConfig() => loss.GetConfig();
    }
}
