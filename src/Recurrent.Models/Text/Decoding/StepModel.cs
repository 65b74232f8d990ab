using System.Globalization;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Streaming;

namespace Recurrent.Text;

/// <summary>A model whose steps take a token and give scores of the next one.</summary>
internal sealed class StepModel
{
    /// <summary>Looks at a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="endToken">The token that ends a sequence; null for none.</param>
    /// <param name="fromLogits">Whether it gives logits; null looks at its last function.</param>
    /// <exception cref="ArgumentException">It gives no scores of tokens, or the end token is none.</exception>
    public StepModel(Model model, int? endToken, bool? fromLogits)
    {
        Model = model;
        EndToken = endToken;
        Shapes.Shape output = model.OutputShape ?? throw new ArgumentException(
            $"Model '{model.Name}' is not built. Give its first layer an inputShape.", nameof(model));
        TokenCount = output.Rank > 0 && output[output.Rank - 1] is int count ? count : throw new ArgumentException(
            $"Model '{model.Name}' gives {output}, but a decoder needs a score for each token at each step.", nameof(model));
        AreProbabilities = !fromLogits ?? GivesProbabilities(model.Outputs[0].Layer);
        int input = SteppedInput(model);
        TakesIds = model.Inputs[input].Shape.Rank == 1;
        if (!TakesIds && model.Inputs[input].Shape.Features != TokenCount)
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"A step of model '{model.Name}' takes {model.Inputs[input].Shape.Features} features and gives {TokenCount} "
                + $"scores. A decoder feeds back what was chosen: as an id, for an Embedding, or as a vector of {TokenCount} "
                + $"zeros and one 1."),
                nameof(model));
        }

        if (endToken is int end && (end < 0 || end >= TokenCount))
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"The end token {end} is none of the {TokenCount} tokens that model '{model.Name}' gives scores of, counted "
                    + $"from 0."),
                nameof(endToken));
        }
    }

    /// <summary>The model.</summary>
    public Model Model { get; }

    /// <summary>The token that ends a sequence; null for none.</summary>
    public int? EndToken { get; }

    /// <summary>Number of tokens.</summary>
    public int TokenCount { get; }

    /// <summary>Whether a token comes as an id, not as a vector of zeros and one 1.</summary>
    public bool TakesIds { get; }

    /// <summary>Whether scores are probabilities, not logits.</summary>
    public bool AreProbabilities { get; }

    /// <summary>Tokens that are never written.</summary>
    public int[] Never { get; set; } = [];

    /// <summary>Writes a token where the next step reads it.</summary>
    public void Write(StreamingSession session, int sequence, int token)
    {
        Span<Real> input = session.Input(0);
        if (TakesIds)
        {
            input[sequence] = token;
            return;
        }

        Span<Real> own = input.Slice(sequence * TokenCount, TokenCount);
        own.Clear();
        own[token] = 1;
    }

    /// <summary>Takes the scores that the last step gave for a sequence.</summary>
    /// <param name="session">The session.</param>
    /// <param name="sequence">Which of its sequences.</param>
    /// <param name="scores">Takes them.</param>
    /// <param name="place">Which token of the text is to be chosen, for messages.</param>
    /// <exception cref="InvalidOperationException">A score is no number: nothing can be chosen by such.</exception>
    public void Read(StreamingSession session, int sequence, TokenScores scores, int place)
    {
        ReadOnlySpan<Real> row = session.Output(0).Slice(sequence * TokenCount, TokenCount);
        int wrong = scores.Take(row, AreProbabilities);
        if (wrong >= 0)
        {
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture,
                $"Model '{Model.Name}' gives {row[wrong]} as the {(AreProbabilities ? "probability" : "logit")} of token {wrong} "
                + $"at place {place}, so no token can be chosen. Its weights have become too large or are no numbers: train it "
                + $"anew with a lower learning rate or with clipped gradients (globalClipNorm: 1)."));
        }
    }

    /// <summary>Makes of a model's scores those that a decoding chooses by.</summary>
    public void Shape(TokenScores scores, Decoding how, ReadOnlySpan<int> prompt, ReadOnlySpan<int> soFar, int source)
    {
        if (how.RepetitionPenalty != 1)
        {
            scores.Penalise(prompt, soFar, how.RepetitionPenalty);
        }

        foreach (int never in Never)
        {
            scores.Values[never] = double.NegativeInfinity;
        }

        if (soFar.Length < how.MinLength && EndToken is int end)
        {
            scores.Values[end] = double.NegativeInfinity;
        }

        if (how.Allow is { } allow)
        {
            scores.Restrict(allow, source, soFar);
        }
    }

    /// <summary>Tokens as the array that a session runs over at once.</summary>
    public NDArray Steps(IReadOnlyList<int[]> tokens, int count)
    {
        var steps = TakesIds ? new NDArray(tokens.Count, count) : new NDArray(tokens.Count, count, TokenCount);
        for (int i = 0; i < tokens.Count; i++)
        {
            for (int t = 0; t < count; t++)
            {
                int place = (i * count) + t;
                if (TakesIds)
                {
                    steps.Values[place] = tokens[i][t];
                }
                else
                {
                    steps.Values[(place * TokenCount) + tokens[i][t]] = 1;
                }
            }
        }

        return steps;
    }

    /// <summary>Requires tokens that the model knows.</summary>
    /// <exception cref="ArgumentException">One is none; the message names sample and place.</exception>
    public void RequireTokens(IReadOnlyList<int> tokens, int sample, string argument)
    {
        for (int t = 0; t < tokens.Count; t++)
        {
            if (tokens[t] < 0 || tokens[t] >= TokenCount)
            {
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                    $"{argument}[{sample}] has the token {tokens[t]} at place {t}, but model '{Model.Name}' knows the tokens 0 "
                    + $"to {TokenCount - 1}."), argument);
            }
        }
    }

    /// <summary>The input that is stepped: the last one that no layer reads as a state to begin with or once.</summary>
    private static int SteppedInput(Model model)
    {
        for (int i = 0; i < model.Inputs.Count; i++)
        {
            if (model.Inputs[i].Shape is { Rank: 1 } ids && ids[0] is null)
            {
                return i;
            }
        }

        int sequence = model.Inputs.Select((input, i) => (input, i)).Where(pair => pair.input.Shape.Rank == 2)
            .Select(pair => pair.i).DefaultIfEmpty(-1).First();
        return sequence >= 0 ? sequence : model.Inputs.Count > 1 ? 0 : model.Inputs[0].Shape.Rank == 1 ? 0
            : throw new ArgumentException($"Model '{model.Name}' takes no sequence that could be stepped.", nameof(model));
    }

    private static bool GivesProbabilities(Layer layer) => layer switch
    {
        Dense dense => dense.Function is Activations.Softmax,
        FunctionLayer function => function.Function is Activations.Softmax,
        Layers.Softmax => true,
        TimeDistributed each => GivesProbabilities(each.Layer),
        Model inner => GivesProbabilities(inner.Outputs[0].Layer),
        _ => false,
    };
}
