using Recurrent.Callbacks;
using Recurrent.Initializers;
using Recurrent.Layers;
using Recurrent.Losses;
using Recurrent.Models;
using Recurrent.Optimizers;
using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Text;

/// <summary>
/// Says how likely each next token of a text is, and writes texts by it: characters, words or parts of words, whatever its
/// tokenizer makes of texts. It takes strings and gives strings, and one file holds tokenizer and model.
/// </summary>
/// <remarks>
/// It learns <c>p(x_t | x_1 … x_{t−1})</c> by cross-entropy. The model is any that takes ids, (batch, timesteps), gives
/// logits or softmax probabilities at each step, and works step by step.
/// </remarks>
/// <example><code>
/// var model = LanguageModel.Recurrent(CharacterTokenizer.Learn([text], SpecialTokens.None), units: 128);
/// model.Compile(new Adam(0.003));
/// model.Fit(text, epochs: 5);
/// Console.WriteLine(model.Evaluate(other).BitsPerCharacter);
/// await foreach (string part in model.GenerateAsync("ROMEO:", new SamplingDecoding(temperature: 0.8)))
/// {
///     Console.Write(part);
/// }
/// </code></example>
public sealed partial class LanguageModel
{
    private readonly StepModel steps;
    private SequenceDecoder? decoder;

    /// <summary>Puts a tokenizer and a model together.</summary>
    /// <param name="tokenizer">The tokenizer.</param>
    /// <param name="model">The model: ids to scores of as many tokens as the tokenizer has, at each step.</param>
    /// <exception cref="ArgumentException">They do not fit each other; the message says how.</exception>
    public LanguageModel(TextTokenizer tokenizer, Model model)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        ArgumentNullException.ThrowIfNull(model);
        steps = new StepModel(model, tokenizer.EndId, fromLogits: null)
        {
            Never = [.. new[] { tokenizer.PadId, tokenizer.StartId, tokenizer.UnknownId }.OfType<int>()],
        };
        new OptionCheck(nameof(LanguageModel))
            .Require(model.Inputs.Count == 1 && model.Outputs.Count == 1 && model.OutputShape!.Rank == 2,
                $"model must have one input, and one output with a score of each token at every step, but is {model}",
                nameof(model))
            .Require(steps.TokenCount == tokenizer.VocabularySize, FormattableString.Invariant(
                $"the model gives scores of {steps.TokenCount} tokens, but the tokenizer has {tokenizer.VocabularySize}"))
            .ThrowIfAny();
        Tokenizer = tokenizer;
        Model = model;
    }

    /// <summary>The tokenizer.</summary>
    public TextTokenizer Tokenizer { get; }

    /// <summary>The model.</summary>
    public Model Model { get; }

    internal StepModel Steps => steps;

    /// <summary>Makes a model of recurrent layers.</summary>
    /// <param name="tokenizer">The tokenizer.</param>
    /// <param name="units">Units of each layer; default 128.</param>
    /// <param name="layers">Number of layers, at least 1; default 1.</param>
    /// <param name="embeddingDim">Features of a token; default 32.</param>
    /// <param name="tied">
    /// Whether the scores of tokens are products with their embeddings (<see cref="ReversibleEmbedding"/>), through a
    /// <see cref="Dense"/> where there are not as many units as features; default false.
    /// </param>
    /// <param name="dropout">The share of features that training drops behind each layer; default 0.</param>
    /// <param name="cell">Makes a cell of so many units; null (the default) is <see cref="LSTMCell"/>.</param>
    /// <param name="seed">Where every random draw comes from; default 0.</param>
    /// <exception cref="ArgumentException">Options are out of range; the message lists them all.</exception>
    public static LanguageModel Recurrent(
        TextTokenizer tokenizer,
        int units = 128,
        int layers = 1,
        int embeddingDim = 32,
        bool tied = false,
        double dropout = 0,
        Func<int, RecurrentCell>? cell = null,
        int seed = 0)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        new OptionCheck(nameof(LanguageModel)).Positive(nameof(units), units).Positive(nameof(layers), layers)
            .Positive(nameof(embeddingDim), embeddingDim).Rate(nameof(dropout), dropout).ThrowIfAny();
        cell ??= size => new LSTMCell(size);
        return new(tokenizer, Graph(tokenizer.VocabularySize, embeddingDim, tied, seed, 0.3, x =>
        {
            for (int i = 0; i < layers; i++)
            {
                x = new RNN(cell(units), returnSequences: true).Call(x);
                x = dropout > 0 ? new Dropout(dropout).Call(x) : x;
            }

            return x;
        }));
    }

    /// <summary>Makes a model of the blocks of a transformer, which look back only.</summary>
    /// <param name="tokenizer">The tokenizer.</param>
    /// <param name="features">Features of a token and of all blocks, a multiple of <paramref name="numHeads"/>; default
    /// 64.</param>
    /// <param name="numHeads">Heads of each attention; default 4.</param>
    /// <param name="intermediateDim">Units between the dense layers of a block; default 128.</param>
    /// <param name="blocks">Number of blocks, at least 1; default 2.</param>
    /// <param name="tied">Whether the scores of tokens are products with their embeddings; default false.</param>
    /// <param name="dropout">The share that training drops; default 0.</param>
    /// <param name="seed">Where every random draw comes from; default 0.</param>
    /// <exception cref="ArgumentException">Options are out of range; the message lists them.</exception>
    public static LanguageModel Transformer(
        TextTokenizer tokenizer,
        int features = 64,
        int numHeads = 4,
        int intermediateDim = 128,
        int blocks = 2,
        bool tied = false,
        double dropout = 0,
        int seed = 0)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        new OptionCheck(nameof(LanguageModel)).Positive(nameof(features), features).Positive(nameof(blocks), blocks).ThrowIfAny();
        return new(tokenizer, Graph(tokenizer.VocabularySize, features, tied, seed, 1, x =>
        {
            x = new PositionalEncoding().Call(x);
            for (int i = 1; i <= blocks; i++)
            {
                x = new TransformerEncoder(
                    features, numHeads, intermediateDim, dropout, normalizeFirst: true, useCausalMask: true,
                    name: FormattableString.Invariant($"block_{i}")).Call(x);
            }

            return new LayerNormalization(epsilon: 1e-5).Call(x);
        }));
    }

    /// <summary>Says how it is to be trained.</summary>
    /// <param name="optimizer">A name such as <c>"adam"</c>, or an object.</param>
    /// <param name="loss">The loss; null (the default) is the cross-entropy with the token that comes.</param>
    /// <param name="metrics">Metrics to report beside the loss; null (the default) for none.</param>
    public void Compile(Optimizer optimizer, Loss? loss = null, OutputMetrics? metrics = null) => Model.Compile(
        optimizer, loss ?? new SparseCategoricalCrossentropy(fromLogits: !steps.AreProbabilities), metrics);

    /// <summary>Learns from a long text.</summary>
    /// <remarks>
    /// With <paramref name="carried"/> the text is cut into as many pieces as a batch has rows, which are read side by side
    /// from their beginning: states go on from window to window, gradients do not (truncated backpropagation). Otherwise
    /// windows begin at random places, with zero states, other places in every epoch; an epoch has as many windows as the
    /// text is long.
    /// </remarks>
    /// <param name="text">The text.</param>
    /// <param name="epochs">How often the text is seen; default 1.</param>
    /// <param name="batchSize">Windows to an update; default 32.</param>
    /// <param name="steps">Tokens of a window; default 64.</param>
    /// <param name="carried">Whether states go on from window to window; default true. Not for attention, which looks back at
    /// whole windows.</param>
    /// <param name="verbose">What is shown on the console.</param>
    /// <param name="callbacks">Look on and may intervene, in this order.</param>
    /// <param name="cancellationToken">Cancels after the batch that is running.</param>
    /// <exception cref="InvalidOperationException">It is not compiled.</exception>
    /// <exception cref="ArgumentException">The text is too short, no Unicode, or has something unknown, and the message says
    /// where; or a layer has no state to carry.</exception>
    public History Fit(
        string text,
        int epochs = 1,
        int batchSize = 32,
        int steps = 64,
        bool carried = true,
        Verbosity verbose = default,
        IReadOnlyList<Callback>? callbacks = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        RequireIds();
        new OptionCheck(nameof(Fit)).Positive(nameof(batchSize), batchSize).Positive(nameof(steps), steps).ThrowIfAny();
        if (carried && Model.Layers.FirstOrDefault(layer => layer.StateObstacle is not null) is { } whole)
        {
            throw new ArgumentException(
                $"carried: true hands states from window to window, but {whole.Introduction} cannot go on from the steps before, "
                + $"because {whole.StateObstacle!.Reason}. Set carried: false.", nameof(carried));
        }

        int[] ids = Tokenizer.Encode(text);
        var windows = new TextWindows(ids, batchSize, steps, carried, (ulong)Model.Seed);
        try
        {
            Model.PreparingBatch = carried ? null : rows => windows.Prepare(rows, Model.Progress.Steps);
            return Model.Fit(
                windows.X, windows.Y, epochs, batchSize, shuffle: false, verbose: verbose, callbacks: callbacks,
                truncatedSteps: carried ? steps : null, cancellationToken: cancellationToken);
        }
        finally
        {
            Model.PreparingBatch = null;
        }
    }

    /// <summary>Learns from many texts, each by itself from its start token to its end token.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="epochs">How often every text is seen; default 1.</param>
    /// <param name="batchSize">Texts to an update; default 32.</param>
    /// <param name="verbose">What is shown on the console.</param>
    /// <param name="callbacks">Look on and may intervene, in this order.</param>
    /// <param name="cancellationToken">Cancels after the batch that is running.</param>
    /// <exception cref="InvalidOperationException">It is not compiled, or the tokenizer has no start or end token.</exception>
    /// <exception cref="ArgumentException">A text is empty, no Unicode, or has something unknown; the message says
    /// which.</exception>
    public History Fit(
        IReadOnlyList<string> texts,
        int epochs = 1,
        int batchSize = 32,
        Verbosity verbose = default,
        IReadOnlyList<Callback>? callbacks = null,
        CancellationToken cancellationToken = default)
    {
        RequireTexts(texts, nameof(texts));
        RequireIds();
        if (Tokenizer.StartId is null || Tokenizer.EndId is null)
        {
            throw new InvalidOperationException(
                $"Each of several texts is learned from its start token to its end token, but {Tokenizer.ClassName} has no "
                + $"{(Tokenizer.StartId is null ? "start" : "end")} token. Give it one (SpecialTokens), or give Fit one long "
                + "text.");
        }

        int[][] ids = Tokenizer.EncodeAll(texts, addStart: true, addEnd: true);
        return Model.Fit(
            new RaggedSequences(ids.Select(own => (NDArray)own[..^1])), new RaggedSequences(ids.Select(own => (NDArray)own[1..])),
            epochs, batchSize, verbose: verbose, callbacks: callbacks, cancellationToken: cancellationToken);
    }

    internal static void RequireTexts(IReadOnlyList<string> texts, string argument)
    {
        ArgumentNullException.ThrowIfNull(texts, argument);
        for (int i = 0; i < texts.Count; i++)
        {
            if (string.IsNullOrEmpty(texts[i]))
            {
                throw new ArgumentException(FormattableString.Invariant(
                    $"{argument}[{i}] is {(texts[i] is null ? "null" : "empty")}. Leave it out, or give it a text."), argument);
            }
        }
    }

    private void RequireIds()
    {
        if (!steps.TakesIds)
        {
            throw new InvalidOperationException(
                $"Model '{Model.Name}' takes vectors of zeros and one 1, not ids. Train it with its own Fit, or begin it with an "
                + "Embedding.");
        }
    }

    private static Model Graph(int tokens, int width, bool tied, int seed, double scale, Func<Symbol, Symbol> middle)
    {
        var ids = new Input(new Shape([null]), name: "tokens");
        if (!tied)
        {
            Symbol x = middle(new Embedding(tokens, width, new RandomNormal(stddev: scale)).Call(ids));
            return new Model(ids, new Dense(tokens, name: "scores").Call(x), name: "language_model", seed: seed);
        }

        // Products of two vectors of this scale are of the order of one.
        var table = new ReversibleEmbedding(tokens, width, new RandomNormal(stddev: Math.Pow(width, -0.25)));
        Symbol h = middle(table.Call(ids));
        h = h.Shape.Features == width ? h : new Dense(width, name: "back").Call(h);
        return new Model(ids, table.Call(h), name: "language_model", seed: seed);
    }
}
