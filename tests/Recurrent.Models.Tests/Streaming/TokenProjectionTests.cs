using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Shapes;
using Recurrent.Streaming;

namespace Recurrent.Tests.Streaming;

/// <summary>What a kernel makes of an embedding's rows is kept between steps; nobody can tell but by a watch.</summary>
[TestFixture]
public sealed class TokenProjectionTests
{
    private const int Tokens = 11;
    private const int Features = 18;

    private static readonly Dictionary<string, Func<Layer>> Layers = new()
    {
        ["LSTM"] = () => new LSTM(20, returnSequences: true),
        ["LSTM without bias"] = () => new LSTM(20, useBias: false, returnSequences: true),
        ["GRU"] = () => new GRU(9, returnSequences: true),
        ["GRU, reset before"] = () => new GRU(9, resetAfter: false, returnSequences: true),
        ["SimpleRNN"] = () => new SimpleRNN(30, returnSequences: true),
        ["PeepholeLSTM"] = () => new PeepholeLSTM(7, returnSequences: true),
        ["LayerNormLSTM"] = () => new LayerNormLSTM(7, returnSequences: true),
        ["MinGRU"] = () => new MinGRU(21, returnSequences: true),
        ["MLSTM"] = () => new MLSTM(8, returnSequences: true),
        ["backwards"] = () => new LSTM(6, goBackwards: true, returnSequences: true),
        ["both ways"] = () => new Bidirectional(new GRU(6, returnSequences: true)),
        ["with dropout"] = () => new LSTM(6, dropout: 0.5, recurrentDropout: 0.5, returnSequences: true),
    };

    private static IEnumerable<string> Names => Layers.Keys;

    [Test]
    public void Ids_give_the_bits_of_their_vectors([ValueSource(nameof(Names))] string name, [Values(1, 5)] int samples)
    {
        Layer ofIds = Layers[name]();
        Layer ofVectors = Layers[name]();
        var ids = new Sequential([new Embedding(Tokens, Features, inputShape: new Shape([null])), ofIds, new Dense(3)], seed: 3);
        var vectors = new Sequential([new Input((null, Features)), ofVectors, new Dense(3)], seed: 3);
        IReadOnlyList<NDArray> weights = Streams.Randomize(ids).GetWeights();
        for (int round = 0; round < 2; round++)
        {
            vectors.SetWeights([.. weights.Skip(1)]);
            NDArray x = Ids(samples, 40, round);
            Assert.That(ids.Predict(x).Values, Is.EqualTo(vectors.Predict(Vectors(x, weights[0])).Values), $"{round}");
            weights = [.. weights.Select(weight => new NDArray(weight.Shape, [.. weight.Values.Select(value => -value / 2)]))];
            ids.SetWeights(weights);
        }
    }

    [Test]
    public void A_session_goes_on_with_the_weights_that_there_are([Values("LSTM", "GRU", "SimpleRNN")] string name)
    {
        var ids = new Sequential([new Embedding(Tokens, Features, inputShape: new Shape([null])), Layers[name](), new Dense(3)]);
        var vectors = new Sequential([new Input((null, Features)), Layers[name](), new Dense(3)]);
        IReadOnlyList<NDArray> weights = Streams.Randomize(ids).GetWeights();
        vectors.SetWeights([.. weights.Skip(1)]);
        StreamingSession one = ids.OpenSession(2);
        StreamingSession other = vectors.OpenSession(2);
        for (int step = 0; step < 60; step++)
        {
            if (step % 20 == 19)
            {
                // Of all weights, or of the table alone.
                weights = [.. weights.Select((weight, i) => i > 0 && step > 30 ? weight
                    : new NDArray(weight.Shape, [.. weight.Values.Select(value => (Real)0.8 * value)]))];
                ids.SetWeights(weights);
                vectors.SetWeights([.. weights.Skip(1)]);
            }

            NDArray x = Ids(2, 1, step);
            Assert.That(one.Step(x.Values), Is.EqualTo(other.Step(Vectors(x, weights[0]).Values)), $"{step}");
        }
    }

    private static NDArray Ids(int samples, int steps, int seed) => new(
        [samples, steps], [.. Enumerable.Range(0, samples * steps).Select(i => (Real)((((i + seed) * 7) + (i / 5)) % Tokens))]);

    private static NDArray Vectors(NDArray ids, NDArray table) => new(
        [.. ids.Shape, Features],
        [.. ids.Values.SelectMany(id => table.Values.AsSpan((int)id * Features, Features).ToArray())]);
}
