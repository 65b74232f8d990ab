using Recurrent.Callbacks;
using Recurrent.Layers;
using Recurrent.Losses;
using Recurrent.Models;
using Recurrent.Optimizers;
using Recurrent.Registration;

namespace Recurrent.Text;

/// <summary>
/// Reads a text and writes another one: an encoder, a decoder that begins with what the encoder has read, and attention between
/// them. Training and decoding are of one object, which takes strings and gives strings, and one file holds it all.
/// </summary>
/// <remarks>
/// <para>
/// The decoder learns <c>p(y_t | y_1 … y_{t−1}, x)</c> from pairs, by cross-entropy of its logits, with the target's own
/// tokens as its input (<see cref="TeacherForcing"/>). Encoder and decoder are recurrent layers of any cell, stacked, the
/// encoder's bidirectional or not, where each layer of the decoder begins with the states of the encoder's layer beside it
/// (through a <see cref="Dense"/> with tanh where sizes differ); or blocks of a transformer.
/// </para>
/// <para>
/// The models inside share their layers: <see cref="TrainingModel"/>, <see cref="EncoderModel"/> and
/// <see cref="DecoderModel"/>,
/// which steps in sessions.
/// </para>
/// </remarks>
/// <example><code>
/// var reader = Seq2Seq.Recurrent(CharacterTokenizer.Learn(dates), CharacterTokenizer.Learn(answers), units: 64);
/// reader.Compile(new Adam(0.003));
/// reader.Fit(dates, answers, epochs: 10);
/// string iso = reader.Translate("7. März 2019");
/// </code></example>
public sealed partial class Seq2Seq
{
    private const string ValidationSources = "validation.Sources";
    private const string ValidationTargets = "validation.Targets";

    private Model? encoder;
    private Model? decoder;
    private Model? looking;

    /// <summary>Makes an encoder and a decoder of recurrent layers.</summary>
    /// <param name="source">The tokenizer of texts that are read. Where it has an end token, that stands behind each.</param>
    /// <param name="target">The tokenizer of texts that are written; it needs a start and an end token.</param>
    /// <param name="encoder">
    /// Recurrent layers or <see cref="Bidirectional"/> ones, with <c>returnSequences</c> and <c>returnState</c>, the first one
    /// reads first.
    /// </param>
    /// <param name="decoder">Recurrent layers with <c>returnSequences</c>.</param>
    /// <param name="attention">How the decoder looks at what was read; default <see cref="SequenceAttention.Luong"/>.</param>
    /// <param name="embeddingDim">Features of a token, at least 1; default 64.</param>
    /// <param name="dropout">The share of features that training drops behind embeddings and layers, at least 0 and below 1;
    /// default 0.</param>
    /// <param name="maxLength">The most tokens that the decoder allows, in training and decoding; default 256.</param>
    /// <param name="seed">Where every random draw comes from; default 0.</param>
    /// <exception cref="ArgumentException">Options are out of range, or a layer cannot stand there; the message says what to
    /// set.</exception>
    public Seq2Seq(
        TextTokenizer source,
        TextTokenizer target,
        IReadOnlyList<Layer> encoder,
        IReadOnlyList<RecurrentLayer> decoder,
        SequenceAttention attention = SequenceAttention.Luong,
        int embeddingDim = 64,
        double dropout = 0,
        int maxLength = 256,
        int seed = 0)
        : this(
            source,
            target,
            Checked(source, target, embeddingDim, dropout, maxLength, new OptionCheck(nameof(Seq2Seq))) && Given(encoder, decoder)
                ? new RecurrentParts(
                    source.VocabularySize, target.VocabularySize, embeddingDim, dropout, attention, encoder, decoder)
                : null!,
            maxLength)
    {
        TrainingModel = Parts.Training(seed);
        _ = DecoderModel;
    }

    private Seq2Seq(TextTokenizer source, TextTokenizer target, Seq2SeqParts parts, int maxLength)
    {
        Source = source;
        Target = target;
        Parts = parts;
        MaxLength = maxLength;
        TrainingModel = null!;
    }

    /// <summary>The tokenizer of texts that are read.</summary>
    public TextTokenizer Source { get; }

    /// <summary>The tokenizer of texts that are written.</summary>
    public TextTokenizer Target { get; }

    /// <summary>The most tokens that the decoder allows.</summary>
    public int MaxLength { get; }

    /// <summary>The model that is trained: source and target ids to logits of the next token.</summary>
    public Model TrainingModel { get; private set; }

    /// <summary>The model that reads: source ids to memory, where there is attention, and the states to begin with.</summary>
    public Model EncoderModel => encoder ??= Parts.Encoder();

    /// <summary>The model that writes step by step.</summary>
    public Model DecoderModel => decoder ??= Parts.Decoder(EncoderModel.Outputs[0].Shape.Features);

    /// <summary>The longest target that was trained on; 0 before.</summary>
    internal int LongestTarget { get; private set; }

    /// <summary>The layers.</summary>
    internal Seq2SeqParts Parts { get; }

    private Model LookingModel => looking ??= Parts.HasMemory ? Parts.Looking() : throw new InvalidOperationException(
        "This Seq2Seq has no attention, so nothing says where it looks. Create it with SequenceAttention.Luong or Bahdanau.");

    /// <summary>Makes an encoder and a decoder of one kind of cell.</summary>
    /// <param name="source">The tokenizer of texts that are read.</param>
    /// <param name="target">The tokenizer of texts that are written; it needs a start and an end token.</param>
    /// <param name="units">Units of each layer; of a bidirectional encoder's halves together, which must be even; default
    /// 128.</param>
    /// <param name="layers">Layers of each, at least 1; default 1.</param>
    /// <param name="bidirectional">Whether the encoder reads from both ends; default true.</param>
    /// <param name="attention">How the decoder looks at what was read; default <see cref="SequenceAttention.Luong"/>.</param>
    /// <param name="cell">Makes a cell of so many units; null (the default) is <see cref="LSTMCell"/>.</param>
    /// <param name="embeddingDim">Features of a token; default 64.</param>
    /// <param name="dropout">The share of features that training drops; default 0.</param>
    /// <param name="maxLength">The most tokens that the decoder allows; default 256.</param>
    /// <param name="seed">Where every random draw comes from; default 0.</param>
    /// <exception cref="ArgumentException">Options are out of range; the message lists them all.</exception>
    public static Seq2Seq Recurrent(
        TextTokenizer source,
        TextTokenizer target,
        int units = 128,
        int layers = 1,
        bool bidirectional = true,
        SequenceAttention attention = SequenceAttention.Luong,
        Func<int, RecurrentCell>? cell = null,
        int embeddingDim = 64,
        double dropout = 0,
        int maxLength = 256,
        int seed = 0)
    {
        Checked(source, target, embeddingDim, dropout, maxLength, new OptionCheck(nameof(Seq2Seq))
            .Positive(nameof(units), units)
            .Require(!bidirectional || units % 2 == 0, FormattableString.Invariant(
                $"units must be even where the encoder reads from both ends, but is {units}"), nameof(units))
            .Positive(nameof(layers), layers));
        cell ??= size => new LSTMCell(size);
        return new(
            source,
            target,
            [.. Enumerable.Range(0, layers).Select(_ => bidirectional
                ? new Bidirectional(new RNN(cell(units / 2), returnSequences: true, returnState: true))
                : (Layer)new RNN(cell(units), returnSequences: true, returnState: true))],
            [.. Enumerable.Range(0, layers).Select(_ => new RNN(cell(units), returnSequences: true, returnState: true))],
            attention,
            embeddingDim,
            dropout,
            maxLength,
            seed);
    }

    /// <summary>Makes an encoder and a decoder of the blocks of a transformer, which normalise first.</summary>
    /// <param name="source">The tokenizer of texts that are read.</param>
    /// <param name="target">The tokenizer of texts that are written; it needs a start and an end token.</param>
    /// <param name="features">Features of a token and of all blocks, a multiple of <paramref name="numHeads"/>; default
    /// 64.</param>
    /// <param name="numHeads">Heads of each attention; default 4.</param>
    /// <param name="intermediateDim">Units between the dense layers of a block; default 128.</param>
    /// <param name="blocks">Blocks of each, at least 1; default 2.</param>
    /// <param name="dropout">The share that training drops; default 0.1.</param>
    /// <param name="maxLength">The most tokens that the decoder allows; default 256.</param>
    /// <param name="seed">Where every random draw comes from; default 0.</param>
    /// <exception cref="ArgumentException">Options are out of range; the message lists them.</exception>
    public static Seq2Seq Transformer(
        TextTokenizer source,
        TextTokenizer target,
        int features = 64,
        int numHeads = 4,
        int intermediateDim = 128,
        int blocks = 2,
        double dropout = 0.1,
        int maxLength = 256,
        int seed = 0)
    {
        Checked(source, target, features, dropout, maxLength, new OptionCheck(nameof(Seq2Seq))
            .Positive(nameof(numHeads), numHeads)
            .Positive(nameof(intermediateDim), intermediateDim)
            .Positive(nameof(blocks), blocks)
            .Require(numHeads < 1 || features % numHeads == 0, FormattableString.Invariant(
                $"features must be a multiple of numHeads, but {features} is none of {numHeads}"), nameof(features)));
        var parts = new TransformerBlocks(
            source.VocabularySize, target.VocabularySize, features, numHeads, intermediateDim, blocks, dropout);
        var made = new Seq2Seq(source, target, parts, maxLength);
        made.TrainingModel = parts.Training(seed);
        _ = made.DecoderModel;
        return made;
    }

    /// <summary>Says how it is to be trained.</summary>
    /// <param name="optimizer">A name such as <c>"adam"</c>, or an object.</param>
    /// <param name="loss">The loss of the logits; null (the default) is the cross-entropy with the token that comes.</param>
    /// <param name="metrics">Metrics to report beside the loss; null (the default) is the accuracy per token.</param>
    public void Compile(Optimizer optimizer, Loss? loss = null, OutputMetrics? metrics = null) =>
        TrainingModel.Compile(optimizer, loss ?? new SparseCategoricalCrossentropy(fromLogits: true), metrics ?? ["accuracy"]);

    /// <summary>Learns from texts and what is to be written for each.</summary>
    /// <param name="sources">The texts that are read.</param>
    /// <param name="targets">For each the text that is to be written.</param>
    /// <param name="epochs">How often every pair is seen; default 1.</param>
    /// <param name="batchSize">Pairs to an update; default 32.</param>
    /// <param name="teacherForcing">How often the decoder reads the target's tokens; null (the default) is always.</param>
    /// <param name="validation">Texts to evaluate on after each epoch, by teacher forcing; null for none.</param>
    /// <param name="verbose">What is shown on the console.</param>
    /// <param name="callbacks">Look on and may intervene, in this order.</param>
    /// <param name="cancellationToken">Cancels after the batch that is running.</param>
    /// <exception cref="InvalidOperationException">It is not compiled.</exception>
    /// <exception cref="ArgumentException">A text is empty, too long, no Unicode, or has something unknown; the message says
    /// which and where.</exception>
    public History Fit(
        IReadOnlyList<string> sources,
        IReadOnlyList<string> targets,
        int epochs = 1,
        int batchSize = 32,
        TeacherForcing? teacherForcing = null,
        (IReadOnlyList<string> Sources, IReadOnlyList<string> Targets)? validation = null,
        Verbosity verbose = default,
        IReadOnlyList<Callback>? callbacks = null,
        CancellationToken cancellationToken = default) => Fit(
            EncodeSources(sources),
            EncodeTargets(targets),
            epochs,
            batchSize,
            teacherForcing,
            validation is var (x, y) ? (EncodeSources(x, ValidationSources), EncodeTargets(y, ValidationTargets)) : null,
            verbose,
            callbacks,
            cancellationToken);

    /// <summary>Learns from sequences of ids.</summary>
    /// <param name="sources">Ids of what is read.</param>
    /// <param name="targets">Ids of what is to be written, from the start token to the end token.</param>
    /// <param name="epochs">How often every pair is seen; default 1.</param>
    /// <param name="batchSize">Pairs to an update; default 32.</param>
    /// <param name="teacherForcing">How often the decoder reads the target's tokens; null (the default) is always.</param>
    /// <param name="validation">Pairs to evaluate on after each epoch, by teacher forcing; null for none.</param>
    /// <param name="verbose">What is shown on the console.</param>
    /// <param name="callbacks">Look on and may intervene, in this order.</param>
    /// <param name="cancellationToken">Cancels after the batch that is running.</param>
    /// <exception cref="InvalidOperationException">It is not compiled.</exception>
    /// <exception cref="ArgumentException">A sequence is empty, too long, has no start or end or an id that is none; the
    /// message names sample and place.</exception>
    public History Fit(
        IReadOnlyList<int[]> sources,
        IReadOnlyList<int[]> targets,
        int epochs = 1,
        int batchSize = 32,
        TeacherForcing? teacherForcing = null,
        (IReadOnlyList<int[]> Sources, IReadOnlyList<int[]> Targets)? validation = null,
        Verbosity verbose = default,
        IReadOnlyList<Callback>? callbacks = null,
        CancellationToken cancellationToken = default)
    {
        SequencePairs pairs = SequencePairs.Of(sources, targets, Source, Target, MaxLength);
        SequencePairs? other = validation is var (x, y)
            ? SequencePairs.Of(x, y, Source, Target, MaxLength, ValidationSources, ValidationTargets) : null;
        LongestTarget = Math.Max(LongestTarget, pairs.Longest);
        TeacherForcing forcing = teacherForcing ?? TeacherForcing.Always;
        try
        {
            TrainingModel.PreparingBatch = forcing.IsAlways ? null : new ScheduledSampling(this, pairs, forcing).Prepare;
            return TrainingModel.Fit(
                pairs.X, pairs.Y, epochs, batchSize, validationData: other is null ? null : new ValidationData(other.X, other.Y),
                verbose: verbose, callbacks: callbacks, cancellationToken: cancellationToken);
        }
        finally
        {
            TrainingModel.PreparingBatch = null;
        }
    }

    /// <summary>Loss and metrics on texts, by teacher forcing.</summary>
    /// <param name="sources">The texts that are read.</param>
    /// <param name="targets">For each the text that is to be written.</param>
    /// <param name="batchSize">Pairs that one thread works on at a time; default 32.</param>
    public Scores Evaluate(IReadOnlyList<string> sources, IReadOnlyList<string> targets, int batchSize = 32)
    {
        SequencePairs pairs =
            SequencePairs.Of(EncodeSources(sources), EncodeTargets(targets), Source, Target, MaxLength);
        return TrainingModel.Evaluate(pairs.X, pairs.Y, batchSize);
    }

    private static bool Given(IReadOnlyList<Layer> encoder, IReadOnlyList<RecurrentLayer> decoder)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        ArgumentNullException.ThrowIfNull(decoder);
        return true;
    }

    private static bool Checked(
        TextTokenizer source, TextTokenizer target, int embeddingDim, double dropout, int maxLength, OptionCheck check)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(target);
        check
            .Require(target.StartId is not null, "the target's tokenizer has no start token, with which decoding begins. Give "
                + "it one (SpecialTokens)", nameof(target))
            .Require(target.EndId is not null, "the target's tokenizer has no end token, which says where a text is over. Give "
                + "it one (SpecialTokens)", nameof(target))
            .Positive(nameof(embeddingDim), embeddingDim)
            .Rate(nameof(dropout), dropout)
            .Positive(nameof(maxLength), maxLength)
            .ThrowIfAny();
        return true;
    }

    private int[][] EncodeSources(IReadOnlyList<string> sources, string argument = "sources")
    {
        RequireTexts(sources, argument);
        return Source.EncodeAll(sources, addStart: false, addEnd: Source.EndId is not null, argument);
    }

    private int[][] EncodeTargets(IReadOnlyList<string> targets, string argument = "targets")
    {
        RequireTexts(targets, argument);
        return Target.EncodeAll(targets, addStart: true, addEnd: true, argument);
    }

    private static void RequireTexts(IReadOnlyList<string> texts, string argument)
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
}
