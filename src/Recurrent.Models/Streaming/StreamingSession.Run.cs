using System.Globalization;
using Recurrent.Layers;
using Recurrent.Shapes;

namespace Recurrent.Streaming;

/// <content>Many steps at once.</content>
public sealed partial class StreamingSession
{
    /// <summary>
    /// Takes many steps at once, such as a text that others are to follow: what the steps give one by one, sooner.
    /// </summary>
    /// <param name="x">The steps, shape (sequences, steps, features), or (sequences, steps) of ids.</param>
    /// <returns>
    /// The output at every step, shape (sequences, steps, features), or after the last one, (sequences, features), where the
    /// model gives no sequences. </returns>
    /// <exception cref="ArgumentException">The shape is wrong or a value is not finite; the states have not changed.</exception>
    /// <exception cref="InvalidOperationException">
    /// A step has several inputs or outputs; there are too many steps; layers have been added to the model, or removed; or
    /// the step before broke off. </exception>
    public NDArray Run(NDArray x)
    {
        RequireOne();
        ArgumentNullException.ThrowIfNull(x);
        return RunSteps([x], single: true)[0];
    }

    /// <summary>Takes many steps at once of a model with several inputs or outputs.</summary>
    /// <param name="x">
    /// For each of <see cref="InputNames"/>, in their order, the steps: shape (sequences, steps, features).
    /// </param>
    /// <returns>For each of <see cref="OutputNames"/> the output at every step, or after the last one.</returns>
    /// <exception cref="ArgumentException">
    /// A number or shape is wrong, or a value is not finite; the states have not changed.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// There are too many steps; layers have been added to the model, or removed; or the step before broke off.
    /// </exception>
    public IReadOnlyList<NDArray> RunAll(params ReadOnlySpan<NDArray> x) => RunSteps(x, single: false);

    private NDArray[] RunSteps(ReadOnlySpan<NDArray> x, bool single)
    {
        RequireCount(x);
        for (int i = 0; i < x.Length; i++)
        {
            string argument = single ? "x" : FormattableString.Invariant($"x[{i}]");
            RequireSteps(x[i], i, x[0], argument);
        }

        int steps = x[0].Shape[1];
        RequireReady(steps);
        NDArray[] states = [.. TakeState().Values];
        NetworkPass own = pass;
        NDArray[] outputs;
        try
        {
            // Until all is done, the session stays where it was.
            pass = model.CreatePass(Sequences, capacity, sharing, steps);
            Begin();
            Restore(states);
            for (int i = 0; i < x.Length; i++)
            {
                pass.SetInput(model.Plan.Stepped[i], SequenceBatch.FromArray(x[i]));
            }

            pass.Forward();
            outputs = [.. model.Plan.Outputs.Select(output => pass.Output(output).ToArray())];
            states = [.. TakeState().Values];
        }
        finally
        {
            pass = own;
        }

        Restore(states);
        hasOutputs = false;
        Steps += steps;
        return outputs;
    }

    private void RequireCount(ReadOnlySpan<NDArray> x)
    {
        if (x.Length != InputNames.Count)
        {
            throw new ArgumentException(
                $"A step of model '{model.Name}' takes {Counted(InputNames, "input")}, but {x.Length} came. Give an array for "
                + "each, in this order or by name.", nameof(x));
        }
    }

    private void RequireSteps(NDArray x, int input, NDArray first, string argument)
    {
        ArgumentNullException.ThrowIfNull(x, argument);
        Shape step = model.InputShape(input);
        bool ofIds = step.Rank == 1;
        if (x.Rank != step.Rank + 1 || x.Shape[0] != Sequences || x.Size == 0 || (!ofIds && x.Shape[2] != step.Features))
        {
            string expected = ofIds
                ? FormattableString.Invariant($"(sequences, steps) of ids, with {Sequences} sequences")
                : string.Create(CultureInfo.InvariantCulture, $"(sequences, steps, features), with {Sequences} sequences of "
                    + $"{step.Features} features");
            throw new ArgumentException(
                $"Steps for {InputIntroduction(input)} have shape {expected}, but {argument} has shape "
                + $"{NDArray.Describe(x.Shape)}.", argument);
        }

        if (x.Shape[1] != first.Shape[1])
        {
            throw new ArgumentException(
                $"The input '{InputNames[0]}' has {first.Shape[1]} steps, but '{InputNames[input]}' has {x.Shape[1]}. Give as "
                + "many steps of each.", argument);
        }

        if (WrongIn(input, x.Values))
        {
            throw WrongValue(input, x.Values, argument, x.Shape[1]);
        }
    }

    private string InputIntroduction(int input) =>
        InputNames.Count == 1 ? model.Readers[input].Introduction : $"the input '{InputNames[input]}'";
}
