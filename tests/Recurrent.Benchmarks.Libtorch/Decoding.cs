using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Recurrent.Benchmarks.Libtorch;

/// <summary>
/// G1 and B1: an LSTM reads ids, another one writes token by token from its state, with attention by dot products; greedy, or
/// by a beam whose states are put in order by an index. All sentences at once, every step one call of each module.
/// </summary>
internal static class Decoding
{
    private const int Units = 128;

    public static Action Run(Sizes sizes)
    {
        Embedding source = nn.Embedding(sizes.Outputs, sizes.Features);
        Embedding target = nn.Embedding(sizes.Outputs, sizes.Features);
        LSTM encoder = nn.LSTM(sizes.Features, Units, batchFirst: true);
        LSTM decoder = nn.LSTM(sizes.Features, Units, batchFirst: true);
        Linear attentional = nn.Linear(2 * Units, Units);
        Linear output = nn.Linear(Units, sizes.Outputs);
        foreach (nn.Module module in (nn.Module[])[source, target, encoder, decoder, attentional, output])
        {
            module.eval();
        }

        Tensor ids = randint(4, sizes.Outputs, [sizes.Samples, sizes.Steps - sizes.DecoderSteps], ScalarType.Int64);
        return () =>
        {
            using DisposeScope scope = NewDisposeScope();
            using IDisposable inference = inference_mode();
            (Tensor memory, Tensor h, Tensor c) = encoder.call(source.call(ids));
            if (sizes.Beam == 1)
            {
                Tensor token = full([sizes.Samples, 1], 2, ScalarType.Int64);
                for (int t = 0; t < sizes.DecoderSteps; t++)
                {
                    (Tensor logits, h, c) = Step(token, memory, h, c);
                    token = logits.argmax(1, keepdim: true);
                }

                token.sum().item<long>();
                return;
            }

            Beam(memory, h, c);
        };

        (Tensor Logits, Tensor H, Tensor C) Step(Tensor token, Tensor memory, Tensor h, Tensor c)
        {
            (Tensor written, Tensor nextH, Tensor nextC) = decoder.call(target.call(token), (h, c));
            Tensor weights = nn.functional.softmax(bmm(written, memory.transpose(1, 2)), 2);
            Tensor joined = attentional.call(cat([bmm(weights, memory), written], 2)).tanh();
            return (output.call(joined).squeeze(1), nextH, nextC);
        }

        void Beam(Tensor memory, Tensor h, Tensor c)
        {
            int width = sizes.Beam;
            int rows = sizes.Samples * width;
            memory = memory.repeat_interleave(width, 0);
            h = h.repeat_interleave(width, 1);
            c = c.repeat_interleave(width, 1);
            Tensor token = full([rows, 1], 2, ScalarType.Int64);
            Tensor scores = full([sizes.Samples, width], float.NegativeInfinity);
            scores.select(1, 0).fill_(0);
            Tensor first = (arange(sizes.Samples, ScalarType.Int64) * width).unsqueeze(1);
            for (int t = 0; t < sizes.DecoderSteps; t++)
            {
                (Tensor logits, h, c) = Step(token, memory, h, c);
                Tensor all = nn.functional.log_softmax(logits, 1).view(sizes.Samples, width, -1) + scores.unsqueeze(2);
                (scores, Tensor best) = all.view(sizes.Samples, -1).topk(width);
                Tensor parents = (best.floor_divide(sizes.Outputs) + first).view(-1);
                token = best.remainder(sizes.Outputs).view(rows, 1);
                h = h.index_select(1, parents);
                c = c.index_select(1, parents);
            }

            scores.sum().item<float>();
        }
    }
}
