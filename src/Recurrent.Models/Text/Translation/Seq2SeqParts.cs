using System.Globalization;
using Recurrent.Initializers;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Text;

/// <summary>What a Seq2Seq's layers are put together for.</summary>
internal enum Wiring
{
    /// <summary>To be trained, with dropout.</summary>
    Training,

    /// <summary>To read, or to write step by step.</summary>
    Writing,

    /// <summary>To say where the decoder looks.</summary>
    Looking,
}

/// <summary>
/// The layers of a <see cref="Seq2Seq"/>, and how they are put together: once to be trained, once as an encoder, once as a
/// decoder that steps. A layer is made when it is needed first, and is the same one from then on.
/// </summary>
internal abstract class Seq2SeqParts(int sourceTokens, int targetTokens, int embeddingDim, double dropout)
{
    private readonly Dictionary<string, Layer> layers = new(StringComparer.Ordinal);
    private bool isClosed;

    /// <summary>Names of the encoder's outputs, as inputs of the decoder.</summary>
    protected const string MemoryName = "memory";

    /// <summary>What kind it is, in files.</summary>
    public abstract string Kind { get; }

    /// <summary>Whether the decoder looks at what the encoder has read.</summary>
    public abstract bool HasMemory { get; }

    /// <summary>Sizes of what the encoder hands on beside what it has read.</summary>
    public abstract IReadOnlyList<int> StateSizes { get; }

    /// <summary>Features of a token.</summary>
    protected int EmbeddingDim => embeddingDim;

    /// <summary>How strong dropout is.</summary>
    protected double DropoutRate => dropout;

    /// <summary>Standard deviation of the first values of embeddings.</summary>
    protected abstract double EmbeddingScale { get; }

    /// <summary>The model that is trained: source and target to logits.</summary>
    public Model Training(int seed)
    {
        (Input source, Input target) = (Ids("source"), Ids("target"));
        (Symbol memory, Symbols states) = Encode(source.Output, Wiring.Training);
        return new Model([source.Output, target.Output], Decode(target.Output, memory, states, Wiring.Training).Logits,
            name: "seq2seq", seed: seed);
    }

    /// <summary>What reads: source to memory, where there is attention, and states.</summary>
    public Model Encoder()
    {
        Input source = Ids("source");
        (Symbol memory, Symbols states) = Encode(source.Output, Wiring.Writing);
        return new Model(source, HasMemory ? [memory, .. states] : states, name: "encoder");
    }

    /// <summary>What writes step by step.</summary>
    /// <param name="memoryFeatures">Features of what the encoder gives.</param>
    public Model Decoder(int memoryFeatures)
    {
        Input target = Ids("target");
        Input? memory = HasMemory ? new Input((null, memoryFeatures), name: MemoryName) : null;
        Input[] states = [.. StateSizes.Select((size, i) => new Input(size, name: StateName(i)))];
        Symbol logits = Decode(target.Output, memory?.Output, [.. states.Select(state => state.Output)], Wiring.Writing).Logits;
        Symbols inputs = [target.Output, .. memory is null ? [] : (Symbols)memory, .. states.Select(state => state.Output)];
        return new Model(inputs, logits, name: "decoder");
    }

    /// <summary>What says where the decoder looks: the weights of attention, each of shape (target, source) or with heads in
    /// front.</summary>
    public Model Looking()
    {
        (Input source, Input target) = (Ids("source"), Ids("target"));
        (Symbol memory, Symbols states) = Encode(source.Output, Wiring.Writing);
        return new Model(
            [source.Output, target.Output], Decode(target.Output, memory, states, Wiring.Looking).Scores, name: "looking");
    }

    /// <summary>Brings layers that only <see cref="Looking"/> has to the weights of those that are trained.</summary>
    public virtual void Refresh()
    {
    }

    /// <summary>What the encoder gives, as a session of the decoder takes it.</summary>
    public ModelData Start(object[] encoded)
    {
        var start = new Dictionary<string, ModelData>(StringComparer.Ordinal);
        int next = 0;
        if (HasMemory)
        {
            start.Add(MemoryName, encoded[next] as RaggedSequences ?? (ModelData)(NDArray)encoded[next]);
            next++;
        }

        for (int i = 0; next < encoded.Length; i++, next++)
        {
            start.Add(StateName(i), (NDArray)encoded[next]);
        }

        return start;
    }

    /// <summary>Takes the layers of a model that was read from a file; none is made any more.</summary>
    public void Take(Model model)
    {
        foreach (Layer layer in model.Layers)
        {
            layers[layer.Name!] = layer;
        }

        isClosed = true;
    }

    /// <summary>Adds what a file has to know.</summary>
    public virtual void AddTo(Config config)
    {
        config.Add("kind", Kind);
        config.Add("embedding_dim", embeddingDim);
        config.Add("dropout", dropout);
    }

    /// <summary>Reads, and gives what was read with the states that the decoder begins with.</summary>
    protected abstract (Symbol Memory, Symbols States) Encode(Symbol source, Wiring wiring);

    /// <summary>Writes.</summary>
    protected abstract (Symbol Logits, Symbols Scores) Decode(Symbol target, Symbol? memory, Symbols states, Wiring wiring);

    /// <summary>A layer with parameters, made when it is asked for first.</summary>
    protected T Part<T>(string name, Func<T> create)
        where T : Layer
    {
        if (layers.TryGetValue(name, out Layer? known))
        {
            return known as T ?? throw new ConfigException(
                $"the layer '{name}' is a {known.ClassName}, where a {typeof(T).Name} is needed.")
            { Option = "model" };
        }

        if (isClosed)
        {
            throw new ConfigException($"the model has no layer '{name}'.") { Option = "model" };
        }

        T made = create();
        layers.Add(name, made);
        return made;
    }

    /// <summary>Ids as vectors.</summary>
    protected Symbol Embed(Symbol ids, string side)
    {
        int tokens = side == "source" ? sourceTokens : targetTokens;
        Embedding embedding = Part(
            $"{side}_embedding",
            () => new Embedding(tokens, embeddingDim, new RandomNormal(stddev: EmbeddingScale), name: $"{side}_embedding"));
        return embedding.InputDim == tokens ? embedding.Call(ids) : throw new ConfigException(string.Create(
            CultureInfo.InvariantCulture,
            $"the {side} embedding has {embedding.InputDim} ids, but the tokenizer has {tokens}."))
        { Option = "model" };
    }

    /// <summary>Drops some features while training.</summary>
    protected Symbol Drop(Symbol x, Wiring wiring, string name) =>
        wiring == Wiring.Training && dropout > 0 ? new Dropout(dropout, name: name).Call(x) : x;

    /// <summary>The logits of the next token.</summary>
    protected Symbol Logits(Symbol x)
    {
        Dense output = Part("output", () => new Dense(targetTokens, name: "output"));
        return output.Units == targetTokens ? output.Call(x) : throw new ConfigException(string.Create(
            CultureInfo.InvariantCulture,
            $"the last layer gives {output.Units} scores, but the tokenizer has {targetTokens} tokens."))
        { Option = "model" };
    }

    private static Input Ids(string name) => new(new Shape([null]), name: name);

    private static string StateName(int index) => FormattableString.Invariant($"state_{index + 1}");
}
