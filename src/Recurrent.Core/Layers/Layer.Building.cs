using System.Numerics.Tensors;
using Recurrent.Initializers;
using Recurrent.Parameters;
using Recurrent.Random;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <content>How a layer gets its parameters.</content>
public abstract partial class Layer
{
    /// <summary>What random draws of the layer follow from, once it is built: for files.</summary>
    internal ulong DrawSeed => Seed;

    /// <summary>What they follow from whatever model the layer is built in; null leaves that to the model.</summary>
    internal ulong? StoredSeed { get; set; }

    /// <summary>Allocates the parameters for an input shape and gives them their first values.</summary>
    /// <param name="input">Shape of a sample of the input; its last axis must be known where parameters depend on it.</param>
    /// <param name="seed">Seed for the first values, and for later draws where the option <c>seed</c> is not set.</param>
    /// <exception cref="InvalidOperationException">The layer is built already.</exception>
    public void Build(Shape input, ulong seed) => Build([input], seed, null);

    /// <summary>Builds the layer with first values from elsewhere.</summary>
    /// <param name="input">Shape of a sample of the input.</param>
    /// <param name="seed">Seed as in <see cref="Build(Shape, ulong)"/>.</param>
    /// <param name="source">Gives the parameters their first values; null leaves that to the initializers.</param>
    internal void Build(Shape input, ulong seed, IParameterSource? source) => Build([input], seed, source);

    /// <summary>Builds a layer of any number of inputs.</summary>
    /// <param name="inputs">Shape of a sample of each input.</param>
    /// <param name="seed">Seed as in <see cref="Build(Shape, ulong)"/>.</param>
    /// <param name="source">Gives the parameters their first values; null leaves that to the initializers.</param>
    internal virtual void Build(IReadOnlyList<Shape> inputs, ulong seed, IParameterSource? source)
    {
        if (InputShape is not null)
        {
            throw new InvalidOperationException(
                $"{Introduction} is built already, for input of shape {InputShape}. To use it once more, call it on "
                + "another symbol.");
        }

        IReadOnlyList<Shape> outputs = ComputeOutputShapes(inputs);
        Seed = SeedOption is int option ? SeededRandom.Key((ulong)(long)option, 0) : StoredSeed ?? seed;
        Source = source;
        try
        {
            BuildParameters(inputs);
        }
        catch (Exception exception) when (exception is OverflowException or ParameterSizeException)
        {
            Unbuild();
            throw new ArgumentException(
                $"{Introduction} would have more weights than an array can hold for input of shape {inputs[0]}.", exception);
        }
        catch
        {
            Unbuild();
            throw;
        }

        Source = null;
        builtFor = [.. inputs];

        // To a layer of one input, several outputs that stand one below the other are one.
        gives = inputs.Count == 1 ? ComputeOutputShape(inputs[0]) : outputs[0];
        if (!trainable)
        {
            parameters.ForEach(parameter => parameter.Trainable = false);
        }
    }

    /// <summary>Takes a build back, when it or that of a layer after it has failed.</summary>
    internal virtual void Unbuild()
    {
        foreach (Layer inner in Inner)
        {
            inner.Unbuild();
        }

        parameters.Clear();
        Source = null;
        builtFor = [];
        gives = null;
    }

    /// <summary>Whether a layer, if it is built, can be used for a shape too: its parameters would be the same.</summary>
    /// <param name="other">A shape that <see cref="ComputeOutputShape"/> takes.</param>
    internal bool CanTake(Shape other) => InputShape is not { } built || CanShare(built, other);

    /// <summary>Whether parameters for one shape are those for another one.</summary>
    /// <param name="built">Shape of a sample that the layer was built for.</param>
    /// <param name="other">Another shape, which <see cref="ComputeOutputShape"/> takes.</param>
    private protected virtual bool CanShare(Shape built, Shape other) =>
        Parameters.Count == 0 || IdCount is not null || built.Rank == 0 || other.Rank == 0 || built[^1] == other[^1];

    /// <summary>Adds the layer's parameters with <see cref="AddParameter"/>; most layers without parameters need not override
    /// this.</summary>
    /// <param name="input">Shape of a sample of the input.</param>
    protected virtual void BuildParameters(Shape input)
    {
    }

    /// <summary>The same for a layer of several inputs; by default it is the first that parameters depend on.</summary>
    /// <param name="inputs">Shape of a sample of each input.</param>
    protected virtual void BuildParameters(IReadOnlyList<Shape> inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        BuildParameters(inputs[0]);
    }

    /// <summary>Adds a parameter and fills it with its first values.</summary>
    /// <param name="parameter">The parameter.</param>
    /// <param name="initializer">Chooses the first values.</param>
    protected void AddParameter(Parameter parameter, Initializer initializer)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        ArgumentNullException.ThrowIfNull(initializer);
        if (Source?.TryFill(parameter) != true)
        {
            ulong seed = initializer.Seed is int own
                ? SeededRandom.Key((ulong)(long)own, 0)
                : SeededRandom.Key(Seed, (ulong)parameters.Count + 1);
            initializer.Fill([.. parameter.Shape], parameter.Values, new SeededRandom(seed));
            if (!TensorPrimitives.IsFiniteAll<Real>(parameter.Values))
            {
                throw new ArgumentException(
                    $"{Introduction}: the initializer {initializer.ClassName} gives '{parameter.Name}' numbers that are not "
                    + $"finite, or too large for {typeof(Real).Name}. Give it smaller options.");
            }
        }

        parameters.Add(parameter);
    }

    /// <summary>Takes over one parameter of a wrapped layer.</summary>
    /// <param name="parameter">The parameter, which has its first values.</param>
    private protected void AdoptParameter(Parameter parameter) => parameters.Add(parameter);

    /// <summary>Takes over the parameters of a wrapped layer.</summary>
    /// <param name="inner">The wrapped layer, built.</param>
    private protected void AdoptParameters(Layer inner) => parameters.AddRange(inner.Parameters);
}
