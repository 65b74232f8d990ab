using System.Globalization;
using Recurrent.Constraints;
using Recurrent.Regularizers;

namespace Recurrent.Parameters;

/// <summary>A named matrix of weights that belongs to a layer.</summary>
/// <remarks>
/// The value has one row for each entry of the last axis of Keras's shape: Keras's row-major kernel (features, units) and the
/// column-major matrix units × features hold the very same bytes, so weights move between the two without a transpose.
/// </remarks>
public sealed class Parameter
{
    private readonly int[] shape;
    private readonly int columns = 1;
    private DenseMatrix? value;
    private bool trainable = true;

    /// <summary>Creates a parameter of zeros. Its memory is allocated when its value is first asked for.</summary>
    /// <param name="name">Its name inside the layer: <c>kernel</c>, <c>recurrent_kernel</c>, <c>bias</c>.</param>
    /// <param name="shape">Its shape as Keras has it.</param>
    /// <param name="regularizer">Penalty that is added to the loss, or null.</param>
    /// <param name="constraint">Projection applied after each update, or null.</param>
    /// <exception cref="ArgumentException">
    /// The regularizer or the constraint is not made for such a shape, or it has more entries than an array can hold.
    /// </exception>
    public Parameter(string name, IReadOnlyList<int> shape, Regularizer? regularizer = null, Constraint? constraint = null)
    {
        ArgumentNullException.ThrowIfNull(shape);
        Name = name;
        this.shape = [.. shape];
        regularizer?.CheckShape(this.shape);
        constraint?.CheckShape(this.shape);
        long size = 1;
        for (int i = 0; i < shape.Count; i++)
        {
            columns = i < shape.Count - 1 ? (int)(columns * (long)shape[i]) : columns;
            size *= shape[i];
            if (size > Array.MaxLength)
            {
                throw new ParameterSizeException(string.Create(CultureInfo.InvariantCulture,
                    $"Parameter '{name}' of shape ({string.Join(", ", shape)}) has more weights than an array can hold "
                    + $"({Array.MaxLength}). Use fewer units or features."));
            }
        }

        Size = (int)size;
        Regularizer = regularizer;
        Constraint = constraint;
    }

    /// <summary>Name inside the layer.</summary>
    public string Name { get; }

    /// <summary>Shape as Keras has it: (features, units) for a kernel.</summary>
    public IReadOnlyList<int> Shape => shape;

    /// <summary>Number of weights.</summary>
    public int Size { get; }

    /// <summary>The weights. Whoever writes to them calls <see cref="MarkChanged"/> afterwards.</summary>
    public DenseMatrix Value => value ??= new DenseMatrix(Rows, columns);

    /// <summary>The weights in row-major order of <see cref="Shape"/>: the storage of <see cref="Value"/>, not a copy.</summary>
    public Span<Real> Values => Value.Values;

    /// <summary>Gives the parameter its weights. Where it has no memory yet, the array becomes it, and is nobody else's from
    /// then on.</summary>
    /// <param name="values">The weights in row-major order of <see cref="Shape"/>.</param>
    internal void Take(Real[] values)
    {
        if (values.Length != Size)
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"Parameter '{Name}' has {Size} weights, and {values.Length} were given."), nameof(values));
        }

        if (value is null)
        {
            value = new DenseMatrix(Rows, columns, values);
        }
        else
        {
            values.CopyTo(Values);
        }

        MarkChanged();
    }

    /// <summary>Penalty that is added to the loss, or null.</summary>
    public Regularizer? Regularizer { get; }

    /// <summary>Projection applied after each update, or null.</summary>
    public Constraint? Constraint { get; }

    /// <summary>Whether it is a statistic that its layer keeps itself, and no optimizer ever changes; false by default.</summary>
    public bool IsStatistic { get; init; }

    /// <summary>Whether an optimizer changes it; never true of a statistic.</summary>
    public bool Trainable
    {
        get => trainable && !IsStatistic;
        set => trainable = value;
    }

    /// <summary>Counts the changes: what is derived from the weights (packed panels) is stale when this has moved on.</summary>
    public long Version { get; private set; }

    /// <summary>Says that the weights have been written to.</summary>
    public void MarkChanged() => Version++;

    private int Rows => shape.Length == 0 ? 1 : shape[^1];

    /// <summary>Projects the weights onto what the constraint allows, and marks them as changed.</summary>
    public void FinishUpdate()
    {
        Constraint?.Apply(shape, Values);
        MarkChanged();
    }
}
