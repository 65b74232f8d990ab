using System.Globalization;
using System.Text.RegularExpressions;
using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>
/// The equation of an <see cref="EinsumDense"/>: letters for the axes of input, kernel and output, as Keras takes them. An
/// ellipsis stands for any number of axes that input and output have in common, that of the batch among them where it stands
/// in front.
/// </summary>
internal sealed partial class EinsumEquation
{
    private readonly string text;
    private readonly string inputLetters;
    private readonly string kernelLetters;
    private readonly string outputLetters;
    private readonly bool elidedLeft;
    private readonly bool elidedRight;
    private readonly int?[] outputShape;
    private readonly string? biasAxes;

    /// <summary>Takes an equation apart, and notes what is wrong with it.</summary>
    /// <param name="check">Receives the problems; where there are any, the object is of no use.</param>
    /// <param name="equation">The equation.</param>
    /// <param name="outputShape">Lengths of the axes of the output that it names, that of the batch left out.</param>
    /// <param name="biasAxes">The letters of the axes that the bias has, or null.</param>
    public EinsumEquation(OptionCheck check, string equation, IReadOnlyList<int?> outputShape, string? biasAxes)
    {
        text = equation;
        this.outputShape = [.. outputShape];
        this.biasAxes = biasAxes;
        Match match = Form().Match(equation);
        inputLetters = match.Groups["x"].Value;
        kernelLetters = match.Groups["w"].Value;
        outputLetters = match.Groups["y"].Value;
        elidedLeft = match.Groups["left"].Success;
        elidedRight = match.Groups["right"].Success;
        bool hasForm = match.Success && (!elidedRight || inputLetters.Length > 1);
        check.Require(
            hasForm,
            $"equation must have the form X,W->Y, ...X,W->...Y or X...,W->Y..., each part of letters, but is '{equation}'",
            "equation");
        if (hasForm && CheckLetters(check))
        {
            CheckLengths(check);
            CheckBias(check);
        }
    }

    private bool NamesBatch => !elidedLeft;

    /// <summary>The letters of the output without that of the batch: as many as there are lengths.</summary>
    private string OutputOfSample => NamesBatch ? outputLetters[1..] : outputLetters;

    private string InputOfSample => NamesBatch ? inputLetters[1..] : inputLetters;

    /// <summary>
    /// Whether what the output holds at a step of the first axis follows from the input at that step alone; null where that
    /// depends on how many axes the input has.
    /// </summary>
    /// <param name="rank">Number of axes of a sample of the input; null where it is not known.</param>
    public bool? KeepsSteps(int? rank)
    {
        rank ??= elidedLeft || elidedRight ? null : inputLetters.Length - 1;
        if (rank is not > 1)
        {
            // A vector is one step.
            return rank is null ? null : true;
        }

        // Two elided axes in front are the batch and the steps.
        return (elidedLeft && rank + 1 - inputLetters.Length > 1)
            || (OutputOfSample.Length > 0 && InputOfSample[0] == OutputOfSample[0]
                && !kernelLetters.Contains(InputOfSample[0], StringComparison.Ordinal));
    }

    /// <summary>Labels and lengths of all axes for an input.</summary>
    /// <param name="layer">The layer, for messages.</param>
    /// <param name="input">Shape of a sample; axes that the kernel does not have may be unknown.</param>
    /// <exception cref="ShapeException">The input does not fit.</exception>
    public EinsumAxes Resolve(Layer layer, Shape input)
    {
        int elided = input.Rank + 1 - inputLetters.Length;
        if (elided < (elidedLeft ? 1 : 0) || (elided > 0 && !elidedLeft && !elidedRight))
        {
            int least = inputLetters.Length + (elidedLeft ? 1 : 0);
            string more = elidedLeft || elidedRight ? " or more" : string.Empty;
            string rank = FormattableString.Invariant($"input of rank {least}{more} for the equation '{text}'");
            throw new ShapeException(
                layer.Introduction, rank, input, "The letters before the comma stand for the axes of the input, that of the "
                    + "batch included.");
        }

        // Elided axes get digits and what follows them for labels.
        string between = string.Concat(Enumerable.Range(0, elidedLeft ? elided - 1 : elided).Select(i => (char)('\u0100' + i)));
        string inputLabels = elidedLeft ? between + InputOfSample : InputOfSample + between;
        string outputLabels = elidedLeft ? between + OutputOfSample : OutputOfSample + between;
        var lengths = new Dictionary<char, int?>();
        for (int i = 0; i < inputLabels.Length; i++)
        {
            lengths[inputLabels[i]] = input[i];
        }

        for (int i = 0; i < outputShape.Length; i++)
        {
            char letter = OutputOfSample[i];
            if (!lengths.TryGetValue(letter, out int? given) || given is null)
            {
                lengths[letter] = outputShape[i];
            }
            else if (outputShape[i] is int said && said != given)
            {
                throw new ShapeException(
                    layer.Introduction,
                    string.Create(CultureInfo.InvariantCulture, $"input whose axis '{letter}' has the length {said}, as "
                        + $"outputShape says of the output's"),
                    input,
                    string.Create(CultureInfo.InvariantCulture, $"Axis '{letter}' of '{text}' is one of both. Leave it open "
                        + $"with null, or set it to {given}."));
            }
        }

        foreach (char letter in kernelLetters)
        {
            if (lengths[letter] is null)
            {
                throw new ShapeException(
                    layer.Introduction,
                    $"input whose axis '{letter}' of '{text}' is known",
                    input,
                    "Give the length of that axis in inputShape: the kernel has it too.");
            }
        }

        return new EinsumAxes(inputLabels, kernelLetters, outputLabels, BiasLabels(outputLabels), lengths);
    }

    private string? BiasLabels(string outputLabels)
    {
        if (biasAxes is null)
        {
            return null;
        }

        // From its first axis on, the bias has all that the output has: those without a bias with the length 1.
        int first = biasAxes.Min(letter => outputLabels.IndexOf(letter, StringComparison.Ordinal));
        return string.Concat(outputLabels[first..].Select(label => biasAxes.Contains(label, StringComparison.Ordinal) ? label
            : EinsumAxes.One));
    }

    private bool CheckLetters(OptionCheck check)
    {
        string[] parts = [inputLetters, kernelLetters, outputLetters];
        string? twice = Array.Find(parts, part => part.Distinct().Count() < part.Length);
        string nowhere = string.Concat(outputLetters.Except(inputLetters).Except(kernelLetters));
        string unused = string.Concat(kernelLetters.Except(inputLetters).Except(outputLetters));
        bool batch = !NamesBatch
            || (inputLetters[0] == outputLetters[0] && !kernelLetters.Contains(inputLetters[0], StringComparison.Ordinal));
        check
            .Require(
                twice is null, $"equation '{text}' must name each axis once in each part, and '{twice}' does not", "equation")
            .Require(
                nowhere.Length == 0,
                $"equation '{text}' gives the output '{nowhere}', which neither input nor kernel has",
                "equation")
            .Require(
                unused.Length == 0,
                $"equation '{text}' gives the kernel '{unused}', which neither input nor output has",
                "equation")
            .Require(
                batch,
                $"equation '{text}' must begin input and output with one letter, that of the batch, which the kernel has not",
                "equation");
        return twice is null && nowhere.Length == 0 && unused.Length == 0 && batch;
    }

    private void CheckLengths(OptionCheck check)
    {
        string named = OutputOfSample;
        bool fits = outputShape.Length == named.Length;
        check
            .Require(
                fits,
                string.Create(CultureInfo.InvariantCulture,
                    $"outputShape must have a length for each axis of '{named}', which the output of '{text}' has beside the "
                        + $"batch, but has {outputShape.Length}"),
                "outputShape")
            .Require(
                outputShape.All(length => length is null or >= 1),
                "outputShape must have lengths of at least 1, or null",
                "outputShape");
        char open = fits
            ? named.Zip(outputShape)
            .FirstOrDefault(axis => axis.Second is null && !inputLetters.Contains(axis.First, StringComparison.Ordinal)).First
            : default;
        check.Require(
            open == default,
            $"outputShape must say how long axis '{open}' of '{text}' is, since the input does not have it",
            "outputShape");
    }

    private void CheckBias(OptionCheck check)
    {
        if (biasAxes is null)
        {
            return;
        }

        string named = OutputOfSample;
        check.Require(
            biasAxes.Length > 0 && biasAxes.Distinct().Count() == biasAxes.Length && biasAxes.All(named.Contains),
            $"biasAxes must name axes of '{named}', which the output of '{text}' has beside the batch, each once, but is "
                + $"'{biasAxes}'",
            "biasAxes");
    }

    [GeneratedRegex(
        "^(?:(?<x>[a-zA-Z]+),(?<w>[a-zA-Z]+)->(?<y>[a-zA-Z]+)"
        + "|(?<left>\\.\\.\\.)(?<x>[a-zA-Z]+),(?<w>[a-zA-Z]+)->\\.\\.\\.(?<y>[a-zA-Z]+)"
        + "|(?<x>[a-zA-Z]+)(?<right>\\.\\.\\.),(?<w>[a-zA-Z]+)->(?<y>[a-zA-Z]+)\\.\\.\\.)$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Form();
}
