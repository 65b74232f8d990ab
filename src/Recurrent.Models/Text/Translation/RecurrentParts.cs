using System.Globalization;
using Recurrent.Layers;
using Recurrent.Registration;

namespace Recurrent.Text;

/// <summary>Recurrent layers that read, and others that begin with the states in which those ended.</summary>
internal sealed class RecurrentParts : Seq2SeqParts
{
    private readonly string[] encoderNames;
    private readonly string[] decoderNames;
    private readonly Layer[]? encoder;
    private readonly RecurrentLayer[]? decoder;
    private readonly SequenceAttention attention;
    private int[] stateSizes = [];
    private AdditiveAttention? lookingAttention;

    public RecurrentParts(
        int sourceTokens,
        int targetTokens,
        int embeddingDim,
        double dropout,
        SequenceAttention attention,
        IReadOnlyList<Layer> encoder,
        IReadOnlyList<RecurrentLayer> decoder)
        : base(sourceTokens, targetTokens, embeddingDim, dropout)
    {
        this.attention = attention;
        this.encoder = [.. encoder];
        this.decoder = [.. decoder];
        encoderNames = Name(this.encoder, "encoder");
        decoderNames = Name(this.decoder, "decoder");
    }

    private RecurrentParts(
        int sourceTokens, int targetTokens, int embeddingDim, double dropout, SequenceAttention attention, string[] encoder,
        string[] decoder)
        : base(sourceTokens, targetTokens, embeddingDim, dropout)
    {
        this.attention = attention;
        encoderNames = encoder;
        decoderNames = decoder;
    }

    /// <inheritdoc/>
    public override string Kind => "recurrent";

    /// <inheritdoc/>
    public override bool HasMemory => attention != SequenceAttention.None;

    /// <inheritdoc/>
    public override IReadOnlyList<int> StateSizes => stateSizes;

    /// <inheritdoc/>
    protected override double EmbeddingScale => 0.5;

    public static RecurrentParts Read(ConfigReader reader, int sourceTokens, int targetTokens, int embeddingDim, double dropout)
    {
        string name = reader.OptionalString("attention") ?? string.Empty;
        string[] names = Enum.GetNames<SequenceAttention>();
        return new(
            sourceTokens,
            targetTokens,
            embeddingDim,
            dropout,
            names.Contains(name) ? Enum.Parse<SequenceAttention>(name)
                : throw new ConfigException($"attention must be {string.Join(", ", names)}.") { Option = "attention" },
            Names(reader, "encoder"),
            Names(reader, "decoder"));
    }

    /// <inheritdoc/>
    public override void AddTo(Config config)
    {
        base.AddTo(config);
        config.Add("attention", attention.ToString());
        config.Add("encoder", encoderNames);
        config.Add("decoder", decoderNames);
    }

    /// <inheritdoc/>
    public override void Refresh() => lookingAttention?.SetWeights(
        Part<AdditiveAttention>("attention", () => throw new InvalidOperationException()).GetWeights());

    /// <inheritdoc/>
    protected override (Symbol Memory, Symbols States) Encode(Symbol source, Wiring wiring)
    {
        Symbol x = Drop(Embed(source, "source"), wiring, "source_dropout");
        var ends = new Symbol[encoderNames.Length][];
        for (int i = 0; i < ends.Length; i++)
        {
            Layer layer = Part(encoderNames[i], () => encoder![i]);
            RequireStates(layer, "encoder");
            Symbols all = layer.Call(x);
            x = Drop(all[0], wiring, FormattableString.Invariant($"encoder_dropout_{i + 1}"));
            Symbol[] states = [.. all.Skip(1)];
            ends[i] = layer is Bidirectional both ? Joined(states, both.ForwardLayer.StateNames.Count) : states;
        }

        // Layers side by side from the top: the last of one hands its states to the last of the other.
        var begins = new List<Symbol>();
        for (int i = 0; i < decoderNames.Length; i++)
        {
            RecurrentLayer layer = Part(decoderNames[i], () => decoder![i]);
            RequireStates(layer, "decoder");
            Symbol[] from = ends[Math.Clamp(i + ends.Length - decoderNames.Length, 0, ends.Length - 1)];
            for (int state = 0; state < layer.StateSizes.Count; state++)
            {
                begins.Add(Bridge(
                    from[Math.Min(state, from.Length - 1)], layer.StateSizes[state],
                    $"bridge_{decoderNames[i]}_{layer.StateNames[state]}"));
            }
        }

        stateSizes = [.. begins.Select(state => state.Shape.Features)];
        return (x, [.. begins]);
    }

    /// <inheritdoc/>
    protected override (Symbol Logits, Symbols Scores) Decode(Symbol target, Symbol? memory, Symbols states, Wiring wiring)
    {
        Symbol x = Drop(Embed(target, "target"), wiring, "target_dropout");
        int next = 0;
        for (int i = 0; i < decoderNames.Length; i++)
        {
            RecurrentLayer layer = Part(decoderNames[i], () => decoder![i]);
            int count = layer.StateSizes.Count;
            x = layer.Call(x, initialState: [.. states.Skip(next).Take(count)])[0];
            x = Drop(x, wiring, FormattableString.Invariant($"decoder_dropout_{i + 1}"));
            next += count;
        }

        if (attention == SequenceAttention.None)
        {
            return (Logits(x), []);
        }

        Symbols found = Attend(x, memory!, wiring == Wiring.Looking);
        int units = x.Shape.Features;
        Symbol joined = Part("attentional", () => new Dense(units, "tanh", name: "attentional"))
            .Call(new Concatenate().Call(found[0], x));
        return (Logits(Drop(joined, wiring, "output_dropout")), [.. found.Skip(1)]);
    }

    private Symbols Attend(Symbol x, Symbol memory, bool looks)
    {
        int units = x.Shape.Features;
        Symbol key = memory;
        if (attention == SequenceAttention.LuongDot)
        {
            if (memory.Shape.Features != units)
            {
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                    $"LuongDot compares what the encoder gives, {memory.Shape.Features} features, with the decoder's {units} "
                    + $"units. Make them equal, or take Luong, which has a matrix between them."));
            }
        }
        else
        {
            key = Part("key", () => new Dense(units, useBias: false, name: "key")).Call(memory);
        }

        if (attention == SequenceAttention.Bahdanau)
        {
            Symbol query = Part("query", () => new Dense(units, name: "query")).Call(x);
            AdditiveAttention added = Part("attention", () => new AdditiveAttention(name: "attention"));
            AdditiveAttention used = looks ? lookingAttention = new(returnAttentionScores: true) : added;
            return used.Call(query, memory, key);
        }

        // It has no parameters, so another one is the same.
        var dot = new Attention(returnAttentionScores: looks);
        return attention == SequenceAttention.LuongDot ? dot.Call(x, memory) : dot.Call(x, memory, key);
    }

    private Symbol Bridge(Symbol state, int size, string name) => state.Shape.Features == size
        ? state
        : Part(name, () => new Dense(size, "tanh", name: name)).Call(state);

    private static Symbol[] Joined(Symbol[] states, int count) =>
        [.. Enumerable.Range(0, count).Select(i => (Symbol)new Concatenate().Call(states[i], states[count + i]))];

    private static void RequireStates(Layer layer, string side)
    {
        (bool sequences, bool states, bool back) = layer switch
        {
            Bidirectional both => (both.ReturnSequences, both.ReturnState, false),
            RecurrentLayer recurrent => (recurrent.ReturnSequences, recurrent.ReturnState || side == "decoder",
                recurrent.GoBackwards && side == "decoder"),
            _ => (false, false, false),
        };
        new OptionCheck($"Seq2Seq, {side}")
            .Require(layer is RecurrentLayer or Bidirectional, $"{layer.Introduction} is no recurrent layer")
            .Require(sequences || layer is not (RecurrentLayer or Bidirectional),
                $"{layer.Introduction} gives its last output alone. Set returnSequences: true")
            .Require(states || layer is not (RecurrentLayer or Bidirectional),
                $"{layer.Introduction} does not give its states, with which the decoder begins. Set returnState: true")
            .Require(!back, $"{layer.Introduction} reads backwards, so it cannot write. Set goBackwards: false")
            .Require((layer as Bidirectional)?.MergeMode is not null || layer is not Bidirectional,
                $"{layer.Introduction} keeps two outputs apart. Set mergeMode: \"concat\"")
            .Require(layer is not IHasStates { Stateful: true }, $"{layer.Introduction} is stateful, but sources have nothing "
                + "to do with one another. Set stateful: false")
            .ThrowIfAny();
    }

    private static string[] Name(IReadOnlyList<Layer> layers, string side)
    {
        for (int i = 0; i < layers.Count; i++)
        {
            ArgumentNullException.ThrowIfNull(layers[i], side);
            layers[i].Name ??= FormattableString.Invariant($"{side}_{i + 1}");
        }

        return layers.Count > 0 ? [.. layers.Select(layer => layer.Name!)]
            : throw new ArgumentException($"The {side} has no layers. Give at least one.", side);
    }

    private static string[] Names(ConfigReader reader, string key) =>
        reader.Raw(key) is IReadOnlyList<object?> { Count: > 0 } list && list.All(item => item is string)
            ? [.. list.Cast<string>()]
            : throw new ConfigException($"{key} must be a list of names of layers.") { Option = key };
}
