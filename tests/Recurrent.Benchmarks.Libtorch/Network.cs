using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Recurrent.Benchmarks.Libtorch;

/// <summary>
/// A workload's network: of (batch, steps, features), and the lengths of the samples where they differ, its outputs.
/// </summary>
internal abstract class Network(string name) : nn.Module<Tensor, Tensor?, Tensor>(name)
{
    /// <summary>The network of a workload; the layers are those of Workload.cs of the other program.</summary>
    public static Network Create(Sizes sizes)
    {
        (int features, int outputs) = (sizes.Features, sizes.Outputs);
        return sizes.Name switch
        {
            // nn.LSTM drops out between its layers; the last dropout is the stack's.
            "W1" => Lstm(50, layers: 3, dropout: 0.2),
            "W2" => Lstm(50),
            "W3" => Gru(128),
            "W4" => Lstm(256, layers: 2),
            "W5" => Rnn(64),
            "masked" => new PackedGru(features, 64, outputs),
            "dropout" => new RecurrentDropout(features, 128, outputs, 0.2),
            "A1" => new SelfAttention(features, 4, outputs),
            "C1" => new CausalConvolutions(features, 64, 5, 4, outputs),
            "E1" => new EncoderDecoder(features, 128, sizes.DecoderSteps, outputs),
            "P1" => new TransformerEncoder(features, 4, 128, 2, outputs),
            _ => throw new ArgumentException($"There is no network for the workload '{sizes.Name}'.", nameof(sizes)),
        };

        RecurrentStack Lstm(int units, int layers = 1, double dropout = 0)
        {
            LSTM lstm = nn.LSTM(features, units, layers, batchFirst: true, dropout: layers > 1 ? dropout : 0);
            return new(lstm, x => lstm.call(x).Item1, units, outputs, dropout);
        }

        RecurrentStack Gru(int units)
        {
            GRU gru = nn.GRU(features, units, batchFirst: true);
            return new(gru, x => gru.call(x).Item1, units, outputs, 0);
        }

        RecurrentStack Rnn(int units)
        {
            RNN rnn = nn.RNN(features, units, batchFirst: true);
            return new(rnn, x => rnn.call(x).Item1, units, outputs, 0);
        }
    }
}

/// <summary>W1 … W5: recurrent layers whose last output goes through a linear layer.</summary>
internal sealed class RecurrentStack : Network
{
    private readonly nn.Module layers;
    private readonly Func<Tensor, Tensor> run;
    private readonly Dropout? last;
    private readonly Linear head;

    public RecurrentStack(nn.Module layers, Func<Tensor, Tensor> run, int units, int outputs, double dropout)
        : base(nameof(RecurrentStack))
    {
        this.layers = layers;
        this.run = run;
        last = dropout > 0 ? nn.Dropout(dropout) : null;
        head = nn.Linear(units, outputs);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x, Tensor? lengths)
    {
        Tensor y = run(x).select(1, -1);
        return head.call(last?.call(y) ?? y);
    }
}

/// <summary>A GRU over sequences of different lengths: packed, so that no step is run behind the end of a sequence.</summary>
internal sealed class PackedGru : Network
{
    private readonly GRU gru;
    private readonly Linear head;

    public PackedGru(int features, int units, int outputs)
        : base(nameof(PackedGru))
    {
        gru = nn.GRU(features, units, batchFirst: true);
        head = nn.Linear(units, outputs);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x, Tensor? lengths)
    {
        using nn.utils.rnn.PackedSequence packed =
            nn.utils.rnn.pack_padded_sequence(x, lengths!, batch_first: true, enforce_sorted: false);
        (_, Tensor h) = gru.call(packed);
        return head.call(h.select(0, 0));
    }
}

/// <summary>nn.LSTM has no recurrent dropout, so a loop over LSTMCell: one mask on the hidden state for all steps.</summary>
internal sealed class RecurrentDropout : Network
{
    private readonly LSTMCell cell;
    private readonly Linear head;
    private readonly int units;
    private readonly double rate;

    public RecurrentDropout(int features, int units, int outputs, double rate)
        : base(nameof(RecurrentDropout))
    {
        (this.units, this.rate) = (units, rate);
        cell = nn.LSTMCell(features, units);
        head = nn.Linear(units, outputs);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x, Tensor? lengths)
    {
        Tensor h = zeros(x.shape[0], units);
        Tensor c = zeros(x.shape[0], units);
        Tensor mask = nn.functional.dropout(ones(x.shape[0], units), rate, training);
        foreach (Tensor step in x.unbind(1))
        {
            (h, c) = cell.call(step, (h * mask, c));
        }

        return head.call(h);
    }
}

/// <summary>A1: attention of a sequence to itself, the mean over its steps, a linear layer.</summary>
internal sealed class SelfAttention : Network
{
    private readonly MultiheadAttention attention;
    private readonly Linear head;

    public SelfAttention(int features, int heads, int outputs)
        : base(nameof(SelfAttention))
    {
        attention = nn.MultiheadAttention(features, heads);
        head = nn.Linear(features, outputs);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x, Tensor? lengths)
    {
        // The module wants steps first, and counts the mean of the weights when it is asked for them.
        Tensor steps = x.transpose(0, 1);
        (Tensor y, _) = attention.call(steps, steps, steps, null!, false, null!);
        return head.call(y.mean([0]));
    }
}

/// <summary>
/// C1: causal convolutions, each dilated twice as far as the one before, ReLU after each; the last step, a linear layer.
/// </summary>
internal sealed class CausalConvolutions : Network
{
    private readonly ModuleList<Conv1d> layers;
    private readonly Linear head;
    private readonly int kernel;

    public CausalConvolutions(int features, int filters, int kernel, int depth, int outputs)
        : base(nameof(CausalConvolutions))
    {
        this.kernel = kernel;
        layers = [.. Enumerable.Range(0, depth).Select(
            i => nn.Conv1d(i == 0 ? features : filters, filters, kernel, dilation: 1 << i))];
        head = nn.Linear(filters, outputs);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x, Tensor? lengths)
    {
        Tensor y = x.transpose(1, 2);
        for (int i = 0; i < layers.Count; i++)
        {
            y = nn.functional.relu(layers[i].call(nn.functional.pad(y, [(kernel - 1) << i, 0])));
        }

        return head.call(y.select(2, -1));
    }
}

/// <summary>
/// E1: an LSTM reads the first steps, another one goes on from its state over the others; each of these looks at the first ones
/// by dot products of states, and what it found and its own state go through a linear layer.
/// </summary>
internal sealed class EncoderDecoder : Network
{
    private readonly LSTM encoder;
    private readonly LSTM decoder;
    private readonly Linear head;
    private readonly int decoderSteps;

    public EncoderDecoder(int features, int units, int decoderSteps, int outputs)
        : base(nameof(EncoderDecoder))
    {
        this.decoderSteps = decoderSteps;
        encoder = nn.LSTM(features, units, batchFirst: true);
        decoder = nn.LSTM(features, units, batchFirst: true);
        head = nn.Linear(2 * units, outputs);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x, Tensor? lengths)
    {
        long encoderSteps = x.shape[1] - decoderSteps;
        (Tensor read, Tensor h, Tensor c) = encoder.call(x.narrow(1, 0, encoderSteps));
        (Tensor written, _, _) = decoder.call(x.narrow(1, encoderSteps, decoderSteps), (h, c));
        Tensor weights = nn.functional.softmax(bmm(written, read.transpose(1, 2)), 2);
        return head.call(cat([written, bmm(weights, read)], 2));
    }
}

/// <summary>P1: transformer encoder blocks without dropout, the mean over the steps, a linear layer.</summary>
internal sealed class TransformerEncoder : Network
{
    private readonly ModuleList<TransformerEncoderLayer> blocks;
    private readonly Linear head;

    public TransformerEncoder(int features, int heads, int inside, int depth, int outputs)
        : base(nameof(TransformerEncoder))
    {
        blocks = [.. Enumerable.Range(0, depth).Select(_ => nn.TransformerEncoderLayer(features, heads, inside, dropout: 0))];
        head = nn.Linear(features, outputs);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x, Tensor? lengths)
    {
        Tensor y = x.transpose(0, 1);
        foreach (TransformerEncoderLayer block in blocks)
        {
            y = block.call(y);
        }

        return head.call(y.mean([0]));
    }
}
