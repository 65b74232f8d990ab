using System.Globalization;
using System.Numerics.Tensors;
using Recurrent.Layers;
using Recurrent.Registration;

namespace Recurrent.Streaming;

/// <content>What is refused before a step is taken.</content>
public sealed partial class StreamingSession
{
    private void RequireOne()
    {
        if (InputNames.Count != 1 || OutputNames.Count != 1)
        {
            throw new InvalidOperationException(
                $"A step of model '{model.Name}' takes {Counted(InputNames, "input")} and gives "
                + $"{Counted(OutputNames, "output")}. Use StepAll, or write to Input(name), call Advance and read Output(name).");
        }
    }

    /// <summary>Requires that a step can be taken.</summary>
    /// <param name="steps">Or so many.</param>
    private void RequireReady(int steps = 1)
    {
        RequireWhole();
        if (Steps > maxSteps - steps)
        {
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture,
                $"This session of model '{model.Name}' takes {maxSteps} steps (maxSteps) and has taken {Steps}. Call Reset, or "
                + $"open one with a greater maxSteps; no step was taken."));
        }

        if (ObstacleTo(steps) is { } obstacle)
        {
            throw new InvalidOperationException($"{obstacle}; no step was taken.");
        }

        model.Prepare();
    }

    /// <summary>How many of so many steps can be taken from here on, and why not all.</summary>
    internal (int Steps, string? Obstacle) StepsOf(int wanted)
    {
        string? obstacle = ObstacleTo(wanted);
        int possible = obstacle is null ? wanted : 0;
        for (int more = wanted; more > possible + 1;)
        {
            int middle = possible + ((more - possible) / 2);
            (possible, more) = ObstacleTo(middle) is null ? (middle, more) : (possible, middle);
        }

        return (possible, obstacle);
    }

    private string? ObstacleTo(int steps)
    {
        foreach (int node in model.Limited)
        {
            if (model.Network.Nodes[node].Layer.StepObstacle(pass.Passes[node], steps) is { } reason)
            {
                return $"{model.Network.Nodes[node].Layer.Introduction} of model '{model.Name}' {reason}";
            }
        }

        return null;
    }

    private void RequireWhole()
    {
        if (isBroken)
        {
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture,
                $"A step of this session of model '{model.Name}' broke off by an exception after {Steps} steps, between two "
                + $"layers, so its states do not fit together. Set State to one that was taken before, or call Reset."));
        }
    }

    /// <summary>Requires an array of one step of an input.</summary>
    /// <returns>Whether it is without an axis of sequences.</returns>
    private bool RequireShape(NDArray x, int input, string argument)
    {
        ArgumentNullException.ThrowIfNull(x, argument);
        int features = model.InputShape(input).Features;
        if (x.Rank == 1 && Sequences == 1 && (InputNames.Count == 1 || x.Size == features))
        {
            return true;
        }

        if (x.Rank != 2 || x.Shape[0] != Sequences || x.Shape[1] != features)
        {
            throw new ArgumentException(
                $"A step for {InputIntroduction(input)} has shape (sequences, features) = "
                + $"{NDArray.Describe([Sequences, features])}, but "
                + $"{argument} has shape {NDArray.Describe(x.Shape)}. Give one row of features for each sequence, without an "
                + "axis for time.", argument);
        }

        return false;
    }

    private bool WrongIn(int input, ReadOnlySpan<Real> x) => !TensorPrimitives.IsFiniteAll(x)
        || (model.Readers[input].IdCount is int count && TokenIds.IndexOfWrong(x, count) >= 0);

    private int IndexOf(string name, IReadOnlyList<string> names, string what)
    {
        ArgumentNullException.ThrowIfNull(name);
        for (int i = 0; i < names.Count; i++)
        {
            if (names[i] == name)
            {
                return i;
            }
        }

        throw new ArgumentException(
            ($"A step of model '{model.Name}' has no {what} '{name}'. It has {Counted(names, what)}. "
            + $"{Spelling.DidYouMean(name, names)}").TrimEnd(), nameof(name));
    }

    private ArgumentException Wrong(ReadOnlySpan<Real> x, ReadOnlySpan<Real> y)
    {
        int inputSize = Sequences * InputFeatures;
        if (x.Length != inputSize)
        {
            string advice = x.Length > 0 && x.Length % inputSize == 0
                ? "Give one step at a time."
                : "Give the features of one step, one sequence after the other.";
            return new ArgumentException(
                $"{model.Readers[0].Introduction} expects {inputSize} values at a step (sequences · features = {Sequences} · "
                + $"{InputFeatures}), but x has {x.Length}. {advice}", nameof(x));
        }

        return y.Length != outputSize
            ? new ArgumentException(
                $"{model.Giver(0).Introduction} gives {outputSize} values at a step (sequences · features = {Sequences} · "
                + $"{OutputFeatures}), but y has room for {y.Length}.", nameof(y))
            : WrongValue(0, x, nameof(x));
    }

    private ArgumentException WrongValue(int input, ReadOnlySpan<Real> x, string argument, int steps = 1)
    {
        int features = model.InputShape(input).Features;
        if (model.Readers[input].IdCount is int count && TensorPrimitives.IsFiniteAll(x))
        {
            int wrong = TokenIds.IndexOfWrong(x, count);
            string place = steps == 1
                ? FormattableString.Invariant($"for sequence {wrong / features}")
                : FormattableString.Invariant($"for sequence {wrong / features / steps} at step {wrong / features % steps}");
            Layer reader = model.Readers[input];
            string refusal = TokenIds.Refuse(reader.Introduction, count, $"{argument} holds", x[wrong], place, reader.IdOption);
            return new ArgumentException($"{refusal} The step was not taken.", argument);
        }

        int position = 0;
        while (Real.IsFinite(x[position]))
        {
            position++;
        }

        string what = Real.IsNaN(x[position]) ? "NaN" : "an infinite value";
        if (steps > 1)
        {
            (int sequence, int step) = Math.DivRem(position / features, steps);
            return new ArgumentException(
                $"{argument} holds {what} in feature {position % features} of sequence {sequence} at step {step}. "
                + "Fill missing values first; no step was taken.", argument);
        }

        return new ArgumentException(
            $"{argument} holds {what} at index {position}, feature {position % features} of sequence {position / features}. "
            + "Fill missing values first; the step was not taken.", argument);
    }

    private static string Counted(IReadOnlyList<string> names, string what) =>
        string.Create(CultureInfo.InvariantCulture, $"{names.Count} {what}{(names.Count == 1 ? string.Empty : "s")} "
            + $"({string.Join(", ", names)})");
}
