using System.Globalization;
using Recurrent.Models;

namespace Recurrent.Text;

/// <summary>Sources and targets as a model is trained on them: what the decoder reads is the target without its last token,
/// what it is to say the target without its first.</summary>
internal sealed class SequencePairs
{
    private SequencePairs(NDArray[] sources, NDArray[] inputs, NDArray[] outputs)
    {
        Sources = sources;
        Inputs = inputs;
        Outputs = outputs;
        X = (ModelData[])[new RaggedSequences(sources), new RaggedSequences(inputs)];
        Y = new RaggedSequences(outputs);
    }

    public NDArray[] Sources { get; }

    public NDArray[] Inputs { get; }

    public NDArray[] Outputs { get; }

    public ModelData X { get; }

    public RaggedSequences Y { get; }

    /// <summary>The longest target, without start and end.</summary>
    public int Longest => Outputs.Max(output => output.Size) - 1;

    /// <summary>Checks and takes sequences of ids.</summary>
    /// <exception cref="ArgumentException">Something is wrong; the message names sample and place.</exception>
    public static SequencePairs Of(
        IReadOnlyList<int[]> sources,
        IReadOnlyList<int[]> targets,
        TextTokenizer source,
        TextTokenizer target,
        int maxLength,
        string sourcesName = "sources",
        string targetsName = "targets")
    {
        ArgumentNullException.ThrowIfNull(sources, sourcesName);
        ArgumentNullException.ThrowIfNull(targets, targetsName);
        if (sources.Count != targets.Count || sources.Count == 0)
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"Each source needs a target, and there must be some, but there are {sources.Count} sources and {targets.Count} "
                + $"targets."), targetsName);
        }

        for (int i = 0; i < sources.Count; i++)
        {
            Require(sources[i], i, source.VocabularySize, sourcesName);
            Require(targets[i], i, target.VocabularySize, targetsName);
            RequireEnds(targets[i], i, target, targetsName);
            if (targets[i].Length - 2 > maxLength)
            {
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                    $"{targetsName}[{i}] has {targets[i].Length - 2} tokens between start and end, but the decoder allows "
                    + $"{maxLength} (maxLength). Cut it, or create the Seq2Seq with a greater maxLength."), targetsName);
            }
        }

        return new(
            [.. sources.Select(ids => (NDArray)ids)],
            [.. targets.Select(ids => (NDArray)ids[..^1])],
            [.. targets.Select(ids => (NDArray)ids[1..])]);
    }

    /// <summary>Requires ids that there are.</summary>
    /// <exception cref="ArgumentException">One is none, or there is none.</exception>
    public static void Require(IReadOnlyList<int> ids, int sample, int count, string argument)
    {
        if (ids is null || ids.Count == 0)
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"{argument}[{sample}] is empty. Leave it out, or give it at least one token."), argument);
        }

        for (int t = 0; t < ids.Count; t++)
        {
            if (ids[t] < 0 || ids[t] >= count)
            {
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                    $"{argument}[{sample}] has the token {ids[t]} at place {t}, but its tokenizer has the tokens 0 to "
                        + $"{count - 1}."),
                    argument);
            }
        }
    }

    private static void RequireEnds(int[] ids, int sample, TextTokenizer target, string argument)
    {
        if (ids[0] != target.StartId)
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"{argument}[{sample}] does not begin with the start token {target.StartId}: at place 0 there is {ids[0]}. "
                + $"Encode targets with addStart: true and addEnd: true."), argument);
        }

        if (ids.Length < 2 || ids[^1] != target.EndId)
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"{argument}[{sample}] does not end with the end token {target.EndId}: at place {ids.Length - 1} there is "
                + $"{ids[^1]}. Encode targets with addStart: true and addEnd: true."), argument);
        }

        int inside = Array.FindIndex(ids, 1, ids.Length - 2, id => id == target.EndId || id == target.StartId);
        if (inside >= 0)
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"{argument}[{sample}] has a start or end token at place {inside}, inside. A target has one of each, "
                + $"at its ends."),
                argument);
        }
    }
}
