using Recurrent.Layers;
using Recurrent.Onnx.Format;

namespace Recurrent.Onnx.Import;

/// <content>Normalization of each channel, or group of channels, of a sample; steps that are repeated.</content>
internal sealed partial class Importer
{
    // What PyTorch's GroupNorm becomes: channels in groups, each of which, with the steps, is one channel.
    private ImportValue[] InstanceNormalization(NodeProto node)
    {
        View view = ViewIn(node, 0);
        if (view.Dims.Length != 3 || view.Dim(0) is not [var samples] || samples != batch || view.Dim(2) is not ([_] or [_, _]))
        {
            throw graph.Fail(node, "It reads samples, channels and steps, or channels in groups, and these are other axes");
        }

        Atom[] groups = view.Dim(1);
        Atom[] rest = view.Dim(2);
        Atom time = rest[^1];
        Atom[] features = [.. groups, .. rest[..^1]];
        int count = (int?)Length.Of(groups).Number ?? throw graph.Fail(node, "The channels are of open length");
        int all = (int?)Length.Of(features).Number ?? throw graph.Fail(node, "The channels are of open length");
        float[] scale = KnownIn(node, 1, "scale").AsFloats();
        float[] shift = KnownIn(node, 2, "shift").AsFloats();
        if (scale.Length != count || shift.Length != count)
        {
            throw graph.Fail(node, "There are not as many scales and shifts as channels");
        }

        Take(node, 2L * all);
        float[] gamma = [.. Enumerable.Range(0, all).Select(i => scale[i / (all / count)])];
        float[] beta = [.. Enumerable.Range(0, all).Select(i => shift[i / (all / count)])];
        bool isPlain = gamma.All(value => value == 1) && beta.All(value => value == 0);
        var layer = new GroupNormalization(
            count, epsilon: node.Float("epsilon", 1e-5), center: !isPlain, scale: !isPlain, name: NameOf(node));
        Symbol input = As(view, [[time], features], node);
        Symbol symbol = isPlain ? Call(node, layer, input)
            : Call(node, layer, [new NDArray([all], gamma), new NDArray([all], beta)], input);
        return [view with
        {
            Source = new LayerSource(symbol, [time, features.Length == 1 ? features[0] : Joined(features)]),
        }];
    }

    private ImportValue[] Resize(NodeProto node)
    {
        View x = ViewIn(node, 0);
        string places = node.Text("coordinate_transformation_mode", "half_pixel");
        string rounding = node.Text("nearest_mode", "round_prefer_floor");
        if (node.Text("mode", "nearest") != "nearest" || !Has(node, 2) || node.Find("axes") is not null
            || (places, rounding) is not (("asymmetric", "floor") or ("half_pixel", "round_prefer_floor")))
        {
            throw graph.Fail(node, "Steps that are repeated are read, by scales that are known, and no other mode");
        }

        float[] scales = KnownIn(node, 2, "scales").AsFloats();
        int axis = Array.FindIndex(scales, scale => scale != 1);
        if (scales.Length != x.Dims.Length || axis < 1 || Array.FindLastIndex(scales, scale => scale != 1) != axis
            || scales[axis] is not (> 1 and < 1 << 16) || scales[axis] != MathF.Floor(scales[axis]))
        {
            throw graph.Fail(node, "One axis is repeated a whole number of times, or it cannot be read here");
        }

        int size = (int)scales[axis];
        Sequence own = SequenceOf(node, x, axis, 1);
        Symbol symbol = Call(node, new UpSampling1D(size, name: NameOf(node)), own.Symbol);
        var time = new Atom(own.Time.Length is int known ? checked(known * size) : null, "time");
        return [new View(new LayerSource(symbol, [time, own.Features]), Placed(x, axis, time, own.Features))];
    }
}
