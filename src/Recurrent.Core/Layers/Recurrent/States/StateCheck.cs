using System.Globalization;
using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>Checks states that callers hand in, with messages that say what to change.</summary>
internal static class StateCheck
{
    /// <summary>Requires what a cell says of its states to fit together: a cell of somebody's own may say anything.</summary>
    /// <param name="cell">The cell.</param>
    /// <returns>The cell.</returns>
    /// <exception cref="ArgumentException">It does not; the message lists it all.</exception>
    public static RecurrentCell RequireConsistent(RecurrentCell cell)
    {
        ArgumentNullException.ThrowIfNull(cell);
        int states = cell.StateSizes.Count;
        int named = cell.StateNames.Count;
        int wrong = cell.StateSizes.TakeWhile(size => size >= 1).Count();
        new OptionCheck(cell.Introduction)
            .Require(states > 0,
                "a cell needs at least one state, but StateSizes is empty. Name the rows of each state, the output's first")
            .Require(named == states,
                FormattableString.Invariant($"each state needs a name, but there are {states} StateSizes and {named} StateNames"))
            .Require(named == cell.StateNames.Distinct().Count(), "two states have the same name in StateNames")
            .Require(
                wrong == states,
                string.Create(CultureInfo.InvariantCulture, $"the size of a state must be at least 1, but StateSizes[{wrong}] "
                    + $"is {cell.StateSizes.ElementAtOrDefault(wrong)}"))
            .Require(
                states == 0 || (cell.OutputState >= 0 && cell.OutputState < states),
                FormattableString.Invariant(
                    $"OutputState must be one of the {states} states, counted from 0, but is {cell.OutputState}"))
            .ThrowIfAny();
        return cell;
    }

    /// <summary>Requires a matrix for each state of a layer, one column a sample, and in them the columns of a pass.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="rows">The rows of each state.</param>
    /// <param name="batch">Number of samples of the pass.</param>
    /// <param name="states">What was given.</param>
    /// <param name="firstColumn">Column of the first sample.</param>
    public static void RequireFit<TLayer>(TLayer layer, int[] rows, int batch, IReadOnlyList<DenseMatrix> states, int firstColumn)
        where TLayer : Layer, IHasStates
    {
        ArgumentNullException.ThrowIfNull(states);
        int columns = firstColumn + batch;
        for (int i = 0; i < rows.Length && i < states.Count; i++)
        {
            if (states[i].RowCount != rows[i] || states[i].ColumnCount < columns || firstColumn < 0)
            {
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                    $"{layer.Introduction} needs the state '{layer.StateNames[i]}' as a matrix of {rows[i]} rows and at least "
                    + $"{columns} columns, since the pass has {batch} samples from column {firstColumn} on, but it is "
                    + $"{states[i].RowCount} × {states[i].ColumnCount}. Give one column for each sample."));
            }
        }

        if (states.Count != rows.Length)
        {
            throw new ArgumentException(
                $"{layer.Introduction} has {Counted(rows.Length)} ({string.Join(", ", layer.StateNames)}), but {states.Count} "
                + "came. Give one matrix for each.");
        }
    }

    /// <summary>Requires the states that a layer is called with to be its own.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="stateful">Whether it carries its states from batch to batch.</param>
    /// <param name="names">The names of its states.</param>
    /// <param name="expected">Their shapes.</param>
    /// <param name="inputs">What the layer is called with: the input, then the states.</param>
    public static void RequireShapes(
        Layer layer, bool stateful, IReadOnlyList<string> names, IEnumerable<Shape> expected, IReadOnlyList<Shape> inputs)
    {
        Shape[] shapes = [.. expected];
        if (stateful)
        {
            throw new ArgumentException(
                $"{layer.Introduction} is stateful and goes on from its own states, so it cannot begin with states that are "
                + "given. Set stateful: false, or leave initialState out.");
        }

        if (inputs.Count - 1 != shapes.Length)
        {
            throw new ArgumentException(
                $"{layer.Introduction} has {Counted(shapes.Length)} ({string.Join(", ", names)}), but initialState has "
                + $"{inputs.Count - 1}. Give one symbol for each, in this order.");
        }

        for (int i = 0; i < shapes.Length; i++)
        {
            if (!shapes[i].Accepts(inputs[i + 1]))
            {
                throw new ArgumentException(
                    $"{layer.Introduction} expects the state '{names[i]}' of shape {shapes[i]}, but in initialState it has "
                    + $"shape {inputs[i + 1]}. Its last axis has as many entries as the layer has units.");
            }
        }
    }

    /// <summary>States of zero for a number of samples.</summary>
    /// <param name="layer">A layer that has states.</param>
    /// <param name="samples">Number of samples.</param>
    /// <exception cref="ArgumentException">They are larger than an array can be.</exception>
    public static DenseMatrix[] NewStates(Layer layer, int samples)
    {
        IReadOnlyList<int> sizes = ((IHasStates)layer).StateSizes;
        int largest = sizes.DefaultIfEmpty().Max();
        return largest <= Array.MaxLength / samples
            ? [.. sizes.Select(size => new DenseMatrix(size, samples))]
            : throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"{layer.Introduction} carries a state of {largest} values for each sample, and there are {samples}; an array "
                + $"holds at most {Array.MaxLength}. Give fewer samples at once."));
    }

    /// <summary>Requires a state that is one of a layer, for a number of samples.</summary>
    /// <param name="layer">The layer as messages name it.</param>
    /// <param name="names">The names of its states.</param>
    /// <param name="sizes">The length of each.</param>
    /// <param name="state">What was given.</param>
    /// <param name="samples">Number of samples.</param>
    /// <param name="argument">Name of the argument.</param>
    public static void Require(
        string layer, IReadOnlyList<string> names, IReadOnlyList<int> sizes, RecurrentState state, int samples, string argument)
    {
        if (!names.SequenceEqual(state.Names))
        {
            throw new ArgumentException(
                $"{layer} has {Counted(names.Count)} ({string.Join(", ", names)}), but {argument} has "
                + $"{Counted(state.Names.Count)} ({string.Join(", ", state.Names)}). Give a state that this layer's call has "
                + "returned, or one with these names.", argument);
        }

        for (int i = 0; i < names.Count; i++)
        {
            IReadOnlyList<int> shape = state.Values[i].Shape;
            if (shape[0] != samples || shape[1] != sizes[i])
            {
                string advice = shape[1] != sizes[i]
                    ? "Its last axis has as many entries as the layer has units."
                    : "Give one row of state for each sample.";
                throw new ArgumentException(
                    $"{layer} expects the state '{names[i]}' of shape {NDArray.Describe([samples, sizes[i]])} (batch, size), "
                    + $"but in {argument} it has shape {NDArray.Describe(shape)}. {advice}", argument);
            }
        }
    }

    private static string Counted(int states) => FormattableString.Invariant($"{states} {(states == 1 ? "state" : "states")}");
}
